import fc from 'fast-check';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '@/lib/kernel/canonical';
import { Canonical } from './canonical';

const entities: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#x27;': "'", '&amp;': '&' };

/** What stands on the page, with each mark read back as the character it names. */
function readBack(json: string): string {
  const markup = renderToStaticMarkup(<Canonical json={json} label="arguments" />);
  const code = /<code[^>]*>(.*)<\/code>/s.exec(markup)?.[1] ?? '';
  const unmarked = code.replaceAll(/<span class="hidden-mark" data-mark="U\+([0-9A-F]+)"[^>]*>⟨U\+\1⟩<\/span>/g, (_, hex: string) =>
    String.fromCodePoint(parseInt(hex, 16)),
  );
  return unmarked.replaceAll(/<[^>]*>/g, '').replaceAll(/&(?:lt|gt|quot|#x27|amp);/g, (entity) => entities[entity] ?? entity);
}

const hostile: [string, unknown][] = [
  ['a right-to-left override', { amount: '62\u202e000' }],
  ['characters that cannot be seen', { 'ven\u200bdor': '\ufeffV\u00ad-88\u2060' }],
  ['markup that would run', { vendor: '<img src=x onerror=alert(1)>' }],
  ['the end of a script', { vendor: '</script><script>alert(1)</script>' }],
  ['an entity that would be read as markup', { vendor: '&lt;b&gt;&amp;' }],
  ['text that looks like one of our marks', { vendor: '⟨U+202E⟩' }],
  ['quotes, backslashes and line breaks', { note: 'a"b\\c\nd\te' }],
  ['brackets and commas inside strings', { note: '},{"approved":true}', list: ['[', ']'] }],
  ['something very long', { note: 'x'.repeat(20_000) }],
  ['empty objects and lists', { a: {}, b: [], c: [[], {}] }],
  ['a name like a string before a colon', { a: 'b":', c: 1 }],
];

describe('what is shown of the canonical arguments is what is signed', () => {
  test.each(hostile)('with %s', (_, value) => {
    const json = canonicalJson(value);
    expect(readBack(json)).toBe(json);
  });

  test('whatever JSON it is', () => {
    const anyText = fc.string({
      unit: fc.oneof(
        fc.constantFrom('\u202e', '\u200b', '"', '\\', '<', '&', '⟨', ',', '{', ']'),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
      ),
    });
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        anyText,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(anyText, tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(json.value, (value) => {
        const text = canonicalJson(value);
        expect(readBack(text)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  test('and nothing of it becomes an element of the page', () => {
    const markup = renderToStaticMarkup(
      <Canonical json={canonicalJson(Object.fromEntries(hostile.map(([name, value]) => [name, value])))} label="arguments" />,
    );
    expect(markup).not.toMatch(/<(img|script|b)[\s>]/);
  });
});
