/** readBack answers the text that an element shows, each mark turned back into the character it names: what a person sees, byte for byte. */
export function readBack(element: HTMLElement): string {
  const copy = element.cloneNode(true);
  if (!(copy instanceof HTMLElement)) return '';
  for (const mark of copy.querySelectorAll<HTMLElement>('[data-mark]'))
    mark.textContent = String.fromCodePoint(Number.parseInt((mark.dataset['mark'] ?? '').slice(2), 16));
  return copy.textContent ?? '';
}
