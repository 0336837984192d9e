import { describe, expect, test } from 'vitest';
import { changeWords, resultWords } from './words';

const none = { kept: 0, permissionsRemoved: 0, reduced: 0, reassigned: 0, decommissioned: 0, revised: 0, drafts: 0 };

describe('what a review changed', () => {
  test.each([
    ['permissions with how many agents lost them', { permissionsRemoved: 3, reduced: 2 }, ['3 permissions taken from 2 agents']],
    [
      'one of each in the singular',
      { permissionsRemoved: 1, reduced: 1, reassigned: 1 },
      ['1 permission taken from 1 agent', '1 agent reassigned'],
    ],
    ['agents that ended', { decommissioned: 2 }, ['2 agents decommissioned']],
    ['a policy to revise of which nobody began a draft', { revised: 1 }, ['1 policy to revise, no draft begun yet']],
    ['policies to revise with their drafts', { revised: 2, drafts: 1 }, ['2 policies to revise, 1 draft begun']],
  ])('names %s', (_, change, words) => {
    expect(resultWords({ ...none, ...change })).toEqual(words);
  });
  test.each([
    ['decisions that kept everything', { kept: 12 }],
    ['no decision', {}],
  ])('is nothing after %s', (_, change) => {
    expect(resultWords({ ...none, ...change })).toEqual([]);
  });
  test('is said of one decision by what it did, never by what was pressed', () => {
    expect(changeWords({ decision: 'reduce', changes: { permissions_removed: ['a.b', 'a.c'] } })).toBe('Took away a.b, a.c');
    expect(changeWords({ decision: 'keep', changes: { next_review_on: '2027-03-31' } })).toBe('Kept as it is');
    expect(changeWords({ decision: 'decommission', changes: { decommissioned: true } })).toBe('Decommissioned');
    expect(changeWords({ decision: null, changes: {} })).toBe('');
  });
});
