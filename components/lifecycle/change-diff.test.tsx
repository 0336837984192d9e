import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { ChangeLine } from '@/lib/lifecycle/schema/change-requests';
import { ChangeDiff } from './change-diff';

const line: ChangeLine = { field: 'purpose', words: 'purpose', before: 'Pays.', after: 'Pays more.', added: [], removed: [] };
const list: ChangeLine = { field: 'permissions', words: 'permissions', before: null, after: null, added: ['b.x'], removed: ['a.x'] };
const shown = (...lines: ChangeLine[]) =>
  renderToStaticMarkup(<ChangeDiff lines={lines} open />)
    .replace(/<[^>]+>/g, '·')
    .replace(/·+/g, '·');

describe('what would change is told by words, not by colour', () => {
  it.each<[string, ChangeLine, string]>([
    ['a text, before and after', line, '·Before·Pays.·After·Pays more.·'],
    ['what was not stated', { ...line, before: null }, '·Before·Not stated·After·Pays more.·'],
    ['what would be empty', { ...line, after: null }, '·Before·Pays.·After·Not stated·'],
    ['a list, by what it gains and loses', list, '·Takes away·a.x·Adds·b.x·'],
  ])('%s', (_, one, expected) => {
    expect(shown(one)).toContain(expected);
  });

  it('shows what is hidden in a text', () => {
    expect(shown({ ...line, after: 'Pays\u202emore' })).not.toContain('\u202e');
  });

  it('says so when nothing is left to change', () => {
    expect(shown()).toContain('says all of this already');
  });
});
