import { describe, expect, it } from 'vitest';
import { compileActionType, compilePolicies, evaluate } from '@/lib/policy/domain';
import { baselinePolicies, baselineRates } from '@/lib/policy/shipped';
import type { RiskReading } from '@/lib/policy/schema';
import { ActionType } from '@/lib/registry/schema';
import type { Effect, Reversibility } from '@/lib/registry/schema';

const set = compilePolicies(baselinePolicies(), baselineRates());

function tierOf(action: string, effect: Effect, reversibility: Reversibility, risk: Partial<RiskReading>) {
  const undoable = effect !== 'read' && reversibility !== 'irreversible';
  const type = ActionType.parse({
    name: action,
    title: 'Actions',
    system: 'any',
    version: 1,
    status: 'approved',
    parameters: { type: 'object' },
    classification: {
      effect,
      reversibility,
      sensitivity: { constant: 'public' },
      audience: { constant: 'internal' },
      ...(undoable ? { compensation: { action: 'any.undo' } } : {}),
    },
  });
  const { tier } = evaluate(set, {
    agent: { id: 'agt_any', processId: null, autonomyFloor: 1 },
    type: compileActionType(type),
    risk: { effect, reversibility, sensitivity: 'public', audience: 'internal', categories: [], regimes: [], ...risk },
    permitted: true,
    supportsReportOutcome: true,
  });
  return tier;
}

const money = (amount: string) => ({ money: { amount, currency: 'USD' } });
const pii = (records: number) => ({ records, categories: ['pii'] });

type Row = [ladder: string, action: string, effect: Effect, edges: [at: Partial<RiskReading>, tier: number][]];

const rows: Row[] = [
  [
    'money',
    'any.thing',
    'write',
    [
      [money('499.99'), 1],
      [money('500'), 2],
      [money('9999.99'), 2],
      [money('10000'), 3],
      [money('249999.99'), 3],
      [money('250000'), 4],
    ],
  ],
  [
    'money of reads',
    'any.thing',
    'read',
    [
      [money('499.99'), 1],
      [money('500'), 2],
      [money('10000'), 3],
      [money('250000'), 4],
    ],
  ],
  [
    'money of refunds',
    'refunds.any',
    'write',
    [
      [money('499.99'), 1],
      [money('500'), 2],
      [money('4999.99'), 2],
      [money('5000'), 3],
      [money('49999.99'), 3],
      [money('50000'), 4],
    ],
  ],
  [
    'money of payments',
    'payments.any',
    'execute',
    [
      [money('499.99'), 1],
      [money('500'), 2],
      [money('49999.99'), 2],
      [money('50000'), 3],
      [money('249999.99'), 3],
      [money('250000'), 4],
    ],
  ],
  [
    'records above read',
    'any.thing',
    'write',
    [
      [{ records: 9 }, 1],
      [{ records: 10 }, 2],
      [{ records: 999 }, 2],
      [{ records: 1_000 }, 3],
      [{ records: 9_999 }, 3],
      [{ records: 10_000 }, 4],
    ],
  ],
  [
    'records read',
    'any.thing',
    'read',
    [
      [{ records: 999 }, 1],
      [{ records: 1_000 }, 2],
      [{ records: 9_999 }, 2],
      [{ records: 10_000 }, 3],
      [{ records: 99_999 }, 3],
      [{ records: 100_000 }, 4],
    ],
  ],
  [
    'records above read with pii',
    'any.thing',
    'send',
    [
      [pii(0), 1],
      [pii(1), 2],
      [pii(99), 2],
      [pii(100), 3],
      [pii(999), 3],
      [pii(1_000), 4],
    ],
  ],
  [
    'records read with pii',
    'any.thing',
    'read',
    [
      [pii(1), 1],
      [pii(999), 1],
      [pii(1_000), 2],
    ],
  ],
  [
    'sensitivity above read',
    'any.thing',
    'write',
    [
      [{ sensitivity: 'internal' }, 1],
      [{ sensitivity: 'confidential' }, 2],
      [{ sensitivity: 'restricted' }, 3],
    ],
  ],
  [
    'sensitivity read',
    'any.thing',
    'read',
    [
      [{ sensitivity: 'confidential' }, 1],
      [{ sensitivity: 'restricted' }, 2],
    ],
  ],
  [
    'audience of what is sent',
    'any.thing',
    'send',
    [
      [{ audience: 'internal' }, 1],
      [{ audience: 'external' }, 2],
      [{ audience: 'public' }, 3],
    ],
  ],
  [
    'audience of what is sent and legal',
    'any.thing',
    'send',
    [
      [{ audience: 'internal', categories: ['legal'] }, 1],
      [{ audience: 'external', categories: ['legal'] }, 3],
    ],
  ],
  ['audience of what is not sent', 'any.thing', 'write', [[{ audience: 'public', categories: ['legal'] }, 1]]],
  [
    'regimes above read',
    'any.thing',
    'write',
    [
      [{ regimes: ['hipaa'] }, 1],
      ...['sox', 'gdpr', 'eu-ai-act-high-risk'].map((regime): [Partial<RiskReading>, number] => [{ regimes: [regime] }, 3]),
      ...['regulatory-filing', 'system-configuration', 'security-incident'].map((regime): [Partial<RiskReading>, number] => [
        { regimes: [regime] },
        4,
      ]),
    ],
  ],
  ['regimes read', 'any.thing', 'read', [[{ regimes: ['gdpr', 'regulatory-filing'] }, 1]]],
  [
    'confidence above read',
    'any.thing',
    'execute',
    [
      [{}, 1],
      [{ confidence: 1 }, 1],
      [{ confidence: 0.8 }, 1],
      [{ confidence: 0.79 }, 2],
      [{ confidence: 0.5 }, 2],
      [{ confidence: 0.49 }, 3],
      [{ confidence: 0 }, 3],
    ],
  ],
  ['confidence read', 'any.thing', 'read', [[{ confidence: 0 }, 1]]],
];

describe('the baseline that ships, at both sides of every edge', () => {
  it.each(rows)('%s (%s, %s)', (_ladder, action, effect, edges) => {
    expect(edges.map(([at]) => tierOf(action, effect, 'reversible', at))).toEqual(edges.map(([, tier]) => tier));
  });

  it.each<[Effect, Reversibility, number]>([
    ['read', 'irreversible', 1],
    ['write', 'reversible', 1],
    ['write', 'compensable', 2],
    ['write', 'irreversible', 3],
    ['delete', 'irreversible', 3],
    ['send', 'irreversible', 3],
    ['execute', 'irreversible', 3],
  ])('reversibility: a %s that is %s', (effect, reversibility, tier) => {
    expect(tierOf('any.thing', effect, reversibility, {})).toBe(tier);
  });
});

it('scope, regimes and records with pii are guardrails, and nothing else is', () => {
  const guarded = baselinePolicies()
    .filter((policy) => policy.kind === 'guardrail')
    .flatMap((policy) => policy.ladders.map((ladder) => ladder.dimension));
  expect(guarded.toSorted()).toEqual(['records', 'regimes', 'scope']);
  expect(baselinePolicies().every((policy) => policy.baseline)).toBe(true);
});

it('a bundled process passes the text, and a broken one aborts', () => {
  expect(() => baselinePolicies('policies: [')).toThrow('the baseline policies cannot be read');
});
