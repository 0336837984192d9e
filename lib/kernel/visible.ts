/** A run of text that can be shown as it is, or one character that a reader would not see or that moves others, named instead. */
export type VisiblePart = { text: string; mark?: string };

// Control, format, private and unassigned characters, line and paragraph separators, spaces that are not the space, characters that ask to be
// ignored (Hangul fillers, variation selectors, tags) and the blank Braille cell.
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u;
const stackedMarks = /\p{M}{3,}/u;
const either = new RegExp(`${unseen.source}|${stackedMarks.source}`, 'gu');

/** codePointName writes a character as U+ and at least four hexadecimal digits. */
export function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * visibleParts cuts a text so that nothing in it stays unseen: hidden, bidirectional and ignorable characters, odd spaces, and piles of three or
 * more combining marks become parts with a `mark` such as `U+202E`. Joining all `text` gives the input back. `multiline` lets line feeds be.
 */
export function visibleParts(text: string, multiline = false): VisiblePart[] {
  const parts: VisiblePart[] = [];
  let from = 0;
  for (const match of text.matchAll(either)) {
    if (multiline && match[0] === '\n') continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    for (const character of match[0]) parts.push({ text: character, mark: codePointName(character) });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** visibleText is visibleParts as one string, each marked character written `⟨U+202E⟩`: for titles, labels and anything else that is not markup. */
export function visibleText(text: string): string {
  return visibleParts(text)
    .map((part) => (part.mark === undefined ? part.text : `⟨${part.mark}⟩`))
    .join('');
}
