import { describe, expect, it } from 'vitest';
import { policyChanges } from './changes';
import { policyWarnings } from './warnings';
import { baselinePolicies, baselineRates } from '../shipped';
import type { Ladder, Policy } from '../schema';

const policy = (more: Partial<Policy> = {}): Policy => ({
  id: 'pol_a',
  name: 'Payments',
  version: 2,
  kind: 'default',
  selector: { level: 'organisation', actions: ['payments.*'] },
  ladders: [{ dimension: 'money', currency: 'USD', tiers: { 2: '500', 3: '50000' } }],
  ...more,
});
const money = (tiers: { 2?: string; 3?: string; 4?: string }, more: Partial<Extract<Ladder, { dimension: 'money' }>> = {}): Ladder => ({
  dimension: 'money',
  currency: 'USD',
  tiers,
  ...more,
});

describe('what changes between two documents', () => {
  it.each<[string, Policy, [string, string | null, string | null][]]>([
    ['nothing', policy({ version: 9 }), []],
    ['a value', policy({ ladders: [money({ 2: '500', 3: '40000' })] }), [['Money: Tier 3 from', '50,000 USD', '40,000 USD']]],
    ['a tier that no longer begins', policy({ ladders: [money({ 2: '500' })] }), [['Money: Tier 3 from', '50,000 USD', null]]],
    [
      'a ladder in other circumstances',
      policy({ ladders: [money({ 2: '500', 3: '50000' }), money({ 4: '1' }, { where: { categories: ['pii'] } })] }),
      [['Money (with pii data): Tier 4 from', null, '1 USD']],
    ],
    [
      'a currency, though the number stayed',
      policy({ ladders: [money({ 2: '500', 3: '50000' }, { currency: 'EUR' })] }),
      [
        ['Money: Tier 2 from', '500 USD', '500 EUR'],
        ['Money: Tier 3 from', '50,000 USD', '50,000 EUR'],
      ],
    ],
    [
      'whom it is for and what it covers',
      policy({ selector: { level: 'process', process: 'prc_a', actions: ['refunds.*'] } }),
      [
        ['For', 'the organisation', 'the process Payables'],
        ['Covers', null, 'refunds.*'],
        ['Covers', 'payments.*', null],
      ],
    ],
    ['a deadline', policy({ approval: { slaSeconds: 7200 } }), [['Time to approve', null, '2 hours']]],
    [
      'when the breaker opens',
      policy({ breaker: { errors: { percent: 20, atLeast: 1000, withinSeconds: 600 }, refusals: 'never', pauseSeconds: 120 } }),
      [
        ['Breaker opens: not succeeded', null, '20 % or more of at least 1,000 outcomes within 10 minutes'],
        ['Breaker opens: refused', null, 'never'],
        ['Breaker stays open', null, '2 minutes, then twice as long each time'],
      ],
    ],
    [
      'triggers',
      policy({ triggers: { allowed: ['user'], otherwise: 'deny' } }),
      [['Triggers', null, 'Started by anything but user, an action is denied.']],
    ],
  ])('%s', (_name, after, expected) => {
    const changes = policyChanges(policy(), after, (id) => (id === 'prc_a' ? 'Payables' : null));
    expect(changes.map(({ label, before, after: now }) => [label, before, now])).toEqual(expected);
  });

  it('everything, when nothing was there before', () => {
    expect(policyChanges(undefined, policy()).every(({ before }) => before === null)).toBe(true);
  });
});

describe('what probably is not meant', () => {
  const known = {
    guardrails: baselinePolicies().filter(({ kind }) => kind === 'guardrail'),
    rates: baselineRates(),
    actions: ['payments.schedule'],
  };
  const texts = (one: Policy) => policyWarnings(one, known).map(({ text }) => text);
  const pii = (tiers: { 2?: number; 3?: number; 4?: number }): Ladder => ({
    dimension: 'records',
    where: { effect: 'delete', categories: ['pii'] },
    tiers,
  });
  it.each<[string, Policy, string[]]>([
    ['nothing, as it is', policy(), []],
    [
      'a tier that begins after a higher one',
      policy({ ladders: [money({ 2: '60000', 3: '50000' })] }),
      ['Tier 2 (from 60,000 USD) never decides: Tier 3 begins no later.'],
    ],
    [
      'confidence the wrong way round',
      policy({ ladders: [{ dimension: 'confidence', tiers: { 2: 0.5, 3: 0.8 } }] }),
      ['Tier 2 (below 0.5) never decides: Tier 3 begins no later.'],
    ],
    [
      'a pattern that matches nothing',
      policy({ selector: { level: 'organisation', actions: ['payments.*', 'typo.*'] } }),
      ['typo.* matches no action type yet.'],
    ],
    ['asking for nothing', policy({ ladders: [] }), ['There is no ladder: the policy covers its actions and asks for nothing.']],
    [
      'a default that a guardrail is stricter than',
      policy({ ladders: [pii({ 2: 5, 3: 50 })] }),
      ['Tier 2 (from 5 records) never decides: the guardrail Baseline guardrails is at least as strict there.'],
    ],
    ['no default that is stricter than the guardrail', policy({ ladders: [pii({ 3: 50 })] }), []],
    ['no guardrail about another one', policy({ kind: 'guardrail', ladders: [pii({ 3: 500 })] }), []],
    ['no default in circumstances the guardrail does not reach', policy({ ladders: [{ dimension: 'records', tiers: { 3: 5000 } }] }), []],
  ])('%s', (_name, one, expected) => expect(texts(one)).toEqual(expected));
});
