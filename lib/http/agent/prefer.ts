// RFC 7240 section 2: preference [ "=" word ] *( ";" parameter ), in a list; a word is a token or a quoted string.
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const word = `(?:${token}|"(?:[^"\\\\]|\\\\.)*")`;
const preference = new RegExp(
  `^[ \\t]*(${token})[ \\t]*(?:=[ \\t]*(${word})?)?((?:[ \\t]*;[^,"]*(?:"(?:[^"\\\\]|\\\\.)*"[^,"]*)*)?)[ \\t]*(?:,|$)`,
);
const lengthMax = 1_024;

/** prefers tells whether a Prefer header (RFC 7240) names a preference, without a value. A header that cannot be read prefers nothing. */
export function prefers(header: string | string[] | undefined, name: string): boolean {
  if (header === undefined) return false;
  let rest = Array.isArray(header) ? header.join(', ') : header;
  if (rest.length > lengthMax) return false;
  while (rest !== '') {
    const found = preference.exec(rest);
    if (!found) return false;
    // The first of the same name counts; an empty value is none.
    if (found[1]?.toLowerCase() === name) return found[2] === undefined || found[2] === '""';
    rest = rest.slice(found[0].length);
  }
  return false;
}
