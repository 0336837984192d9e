type Model = { vendor: string; name: string; version: string };

/** modelText writes a registered model as one text; empty when the record names none. */
export const modelText = ({ vendor, name, version }: Model): string => [vendor, name, version].filter((part) => part !== '').join(' ');

/** Words of a model's name, whatever stands between them: agents write `vendor/name@version`, records three fields. */
const wordsOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[\s/@:]+/g, ' ')
    .trim();

/** differsFrom tells whether what an agent says it runs is another model than its record says. Vendor and version may be left out of what it says. */
export function differsFrom(registered: Model, reported: string): boolean {
  const { vendor, name, version } = registered;
  const said = wordsOf(reported);
  if (said === '') return false;
  const ways = [[vendor, name, version], [name, version], [vendor, name], [name]];
  return !ways.some((parts) => name !== '' && wordsOf(parts.join(' ')) === said);
}
