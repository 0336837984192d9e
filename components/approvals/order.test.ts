import { describe, expect, test } from 'vitest';
import { isSorted, keepOrder } from './order';

const items = (text: string) => [...text].map((id) => ({ id }));
const shown = (text: string) => keepOrder([], items(text));
const told = (kept: ReturnType<typeof shown>) => kept.map(({ item, gone }) => (gone ? `(${item.id})` : item.id)).join('');

describe('a list that is being read', () => {
  test.each([
    ['stays as it is when nothing changed', 'abc', 'abc', 'abc', true],
    ['puts what is new below, though it is more pressing', 'abc', 'xabc', 'abcx', false],
    ['keeps the place of what has gone, and says so', 'abc', 'ac', 'a(b)c', true],
    ['does not move what became more pressing', 'abc', 'cab', 'abc', false],
    ['shows a first list as it came', '', 'bca', 'bca', true],
    ['keeps everything that has gone when the list is empty', 'ab', '', '(a)(b)', true],
  ])('%s', (_, before, fresh, expected, sorted) => {
    const kept = keepOrder(shown(before), items(fresh));
    expect(told(kept)).toBe(expected);
    expect(isSorted(kept, items(fresh))).toBe(sorted);
  });

  test('takes back what had gone where it stood', () => {
    const gone = keepOrder(shown('abc'), items('ac'));
    expect(told(keepOrder(gone, items('abc')))).toBe('abc');
  });

  test('has the latest of each, in its old place', () => {
    const kept = keepOrder([{ item: { id: 'a', left: 9 }, gone: false }], [{ id: 'a', left: 8 }]);
    expect(kept).toEqual([{ item: { id: 'a', left: 8 }, gone: false }]);
  });
});
