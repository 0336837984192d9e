import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { visibleParts, visibleText } from './visible';

describe('what cannot be seen is named', () => {
  test.each([
    ['a right-to-left override that would turn an amount round', '62\u202e000', '62⟨U+202E⟩000'],
    ['an isolate that would move the words after it', 'a\u2067b\u2069', 'a⟨U+2067⟩b⟨U+2069⟩'],
    ['a zero-width space inside a vendor', 'V-\u200b88', 'V-⟨U+200B⟩88'],
    ['a zero-width joiner', 'x\u200dy', 'x⟨U+200D⟩y'],
    ['a byte order mark at the start', '\ufeffINV', '⟨U+FEFF⟩INV'],
    ['a soft hyphen', 'pay\u00adment', 'pay⟨U+00AD⟩ment'],
    ['a no-break space that looks like a space', 'V\u00a088', 'V⟨U+00A0⟩88'],
    ['an ideographic space', 'V\u300088', 'V⟨U+3000⟩88'],
    ['a Hangul filler, a letter that shows nothing', 'V\u316488', 'V⟨U+3164⟩88'],
    ['a blank Braille cell', 'V\u280088', 'V⟨U+2800⟩88'],
    ['a tag character above the first plane', 'V\u{e0041}88', 'V⟨U+E0041⟩88'],
    ['a line separator', 'a\u2028b', 'a⟨U+2028⟩b'],
    ['a control character', 'a\u0007b', 'a⟨U+0007⟩b'],
    ['a tab', 'a\tb', 'a⟨U+0009⟩b'],
    ['a pile of combining marks that would cover the line above', `e\u0301\u0301\u0301`, 'e⟨U+0301⟩⟨U+0301⟩⟨U+0301⟩'],
  ])('%s', (_, text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  test.each([
    ['ordinary words', 'Pay invoice INV-2291'],
    ['letters of other scripts', 'Müller, 北京, Ελλάδα, שלום'],
    ['an accent written as two characters', 'Cafe\u0301'],
    ['markup', '<img src=x onerror=alert(1)>'],
    ['an emoji', '🧾'],
  ])('%s is left as it is', (_, text) => {
    expect(visibleText(text)).toBe(text);
  });

  test('nothing is lost: the parts join to the text, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(
          visibleParts(text)
            .map((part) => part.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  test('line feeds stand where paragraphs are allowed, and only there', () => {
    expect(visibleParts('a\nb', true)).toEqual([{ text: 'a\nb' }]);
    expect(visibleText('a\nb')).toBe('a⟨U+000A⟩b');
  });
});
