import { describe, expect, it } from 'vitest';
import { OutcomeReport, Settle } from '../schema';
import { completeness, formatShare } from './completeness';
import { reportItem, whyNotReport, type DecidedAction } from './report';
import { maySettle } from './settle';
import type { Role } from '@/lib/people/schema';

const decision = `dec_${'0'.repeat(26)}`;
const decided: DecidedAction = {
  seq: 7,
  agent: 'agt_a',
  process: 'prc_a',
  verdict: 'allow',
  action: 'files.read',
  reported: false,
  digest: Buffer.alloc(32, 9),
};
const report = (more: Record<string, unknown> = {}) => OutcomeReport.parse({ decision, status: 'succeeded', ...more });

describe('a report', () => {
  it.each<[string, Partial<DecidedAction>, Record<string, unknown>, string | undefined]>([
    ['on an allowed action is taken', {}, {}, undefined],
    ['on a supervised action is taken', { verdict: 'allow_reversible' }, {}, undefined],
    ['with the effect of its decision is taken', {}, { effect_key: `eff_${'0'.repeat(26)}` }, undefined],
    ['on what waited is refused', { verdict: 'approval_required' }, {}, 'not_allowed'],
    ['on what was denied is refused', { verdict: 'deny' }, {}, 'not_allowed'],
    ['on what halted is refused', { verdict: 'halt' }, {}, 'not_allowed'],
    ['on a row that says nothing is refused', { verdict: '' }, {}, 'not_allowed'],
    ['on another agent’s action is of nothing', { agent: 'agt_b' }, {}, 'unknown'],
    ['on another agent’s refusal is of nothing too', { agent: 'agt_b', verdict: 'deny' }, {}, 'unknown'],
    ['with the effect of another decision is refused', {}, { effect_key: `eff_${'1'.repeat(26)}` }, 'wrong_effect'],
    ['with an empty effect is refused', {}, { effect_key: '' }, 'wrong_effect'],
  ])('%s', (_, change, more, expected) => {
    expect(whyNotReport('agt_a', report(more), { ...decided, ...change })).toBe(expected);
  });

  it('on nothing is of nothing', () => {
    expect(whyNotReport('agt_a', report(), undefined)).toBe('unknown');
  });

  it('never puts words of an agent into the bytes of its row', () => {
    const item = reportItem({
      eventId: 'evt_1',
      agent: 'agt_a',
      workflow: 'wfl_1',
      report: report({ summary: 'Frau Müller', side_effects: ['mueller@example.com'] }),
      decided,
      argumentsKey: Buffer.alloc(32, 1),
    });
    expect(item.payload).not.toMatch(/Müller|mueller|0909/);
    expect(item.side).toBeDefined();
    expect(item.outcome?.digest).toBe('09'.repeat(32));
  });

  it.each([
    ['0.10', '0.1'],
    [2, '2'],
    [0.1 + 0.2, '0.3'],
    [1e-9, '0'],
    ['999999999999.99999999', '999999999999.99999999'],
  ])('of a cost of %s is kept to the digit', (given, kept) => {
    expect(report({ cost_usd: given }).cost_usd).toBe(kept);
  });
});

describe('completeness', () => {
  it.each([
    ['everything reported', { allowed: 4, reported: 4, missing: 0, ambiguous: 0 }, { share: 1, n: 4 }],
    ['one of four missing', { allowed: 4, reported: 3, missing: 1, ambiguous: 0 }, { share: 0.75, n: 4 }],
    ['those still within their time left out', { allowed: 10, reported: 1, missing: 1, ambiguous: 0 }, { share: 0.5, n: 2 }],
    ['nothing due', { allowed: 3, reported: 0, missing: 0, ambiguous: 0 }, null],
  ])('with %s', (_, counts, expected) => {
    expect(completeness(counts)).toEqual(expected);
  });

  it.each([
    [1, '100 %'],
    [0.9999999, '99.9 %'],
    [0.7512, '75.1 %'],
    [0, '0.0 %'],
  ])('of %d is written %s: only all of them are 100 %%', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });
});

describe('whose word settles an outcome', () => {
  it.each<[Role[], boolean, boolean]>([
    [['process_owner'], true, true],
    [['process_owner'], false, false],
    [['leader'], false, true],
    [['security'], false, true],
    [['process_owner', 'security'], false, true],
    [['auditor'], true, false],
    [['engineer'], true, false],
    [['risk'], true, false],
    [['admin'], true, false],
    [[], true, false],
  ])('%j who owns the process: %s → %s', (roles, owns, expected) => {
    expect(maySettle({ roles }, owns)).toBe(expected);
  });

  it.each([
    ['without words', { status: 'failed', reason: '  ' }],
    ['without a status', { reason: 'seen' }],
    ['as ambiguous again', { status: 'ambiguous', reason: 'seen' }],
    ['with more than two members', { status: 'failed', reason: 'seen', agent: 'x' }],
    ['with endless words', { status: 'failed', reason: 'x'.repeat(2_001) }],
  ])('nobody’s %s', (_, body) => {
    expect(Settle.safeParse(body).success).toBe(false);
  });
});
