import { describe, expect, it } from 'vitest';
import { ImpactQuery, NewKill, TargetQuery } from '.';

const kill = { scope: 'agent', target: 'agt_one', reason: 'It pays twice.' };

describe('a stop to set', () => {
  it.each([
    ['an agent', kill],
    ['an action type by its name', { ...kill, scope: 'action_type', target: 'payments.schedule' }],
    ['everything', { ...kill, scope: 'organisation', target: 'organisation' }],
    ['what a report told of', { ...kill, source: { type: 'report', at: '2026-11-21T10:00:00Z' } }],
  ])('names %s', (_what, given) => expect(NewKill.safeParse(given).success).toBe(true));

  it.each([
    ['no target', { ...kill, target: '' }],
    ['a target that no database keeps', { ...kill, target: 'agt_one\0' }],
    ['a target that cannot be seen', { ...kill, target: 'agt_\u202eone' }],
    ['a part of everything', { ...kill, scope: 'organisation', target: 'agt_one' }],
    ['no reason', { ...kill, reason: ' ' }],
    ['a report from before there were agents', { ...kill, source: { type: 'report', at: '-271821-04-20T00:00:00.000Z' } }],
    ['a report from no time', { ...kill, source: { type: 'report', at: 'soon' } }],
    ['a finding that no database keeps', { ...kill, source: { type: 'finding', id: '\0' } }],
  ])('never %s', (_what, given) => expect(NewKill.safeParse(given).success).toBe(false));

  it('is not looked for by what no database keeps', () => {
    expect(ImpactQuery.safeParse({ scope: 'agent', target: '\0' }).success).toBe(false);
    expect(TargetQuery.safeParse({ scope: 'agent', search: '\0' }).success).toBe(false);
    expect(TargetQuery.safeParse({ scope: 'agent', search: '' }).success).toBe(true);
  });
});
