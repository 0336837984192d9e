import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { compileActionType, compilePolicies, evaluate, readRisk } from '@/lib/policy/domain';
import { amountBelow, effectiveTiers, tierOf } from '@/lib/policy/domain/effective';
import { effectiveWords } from '@/lib/policy/domain/effective-words';
import { baselinePolicies, baselineRates } from '@/lib/policy/shipped';
import { Policy } from '@/lib/policy/schema';
import { RATES, actionType, agent, policies, request } from '@/lib/policy/testdata/arbitraries';
import { ActionType } from '@/lib/registry/schema';
import type { GovernedAgent } from '@/lib/registry/schema';

const RUNS = Number(process.env['POLICY_RUNS'] ?? 2_000);
vi.setConfig({ testTimeout: 60_000 + RUNS * 20 });

const rates = baselineRates();
const type = (name: string, changes: Record<string, unknown> = {}) =>
  ActionType.parse({
    name,
    title: 'Vendor payments',
    system: 'sys_erp',
    version: 1,
    status: 'approved',
    parameters: { type: 'object' },
    classification: {
      effect: 'execute',
      reversibility: 'reversible',
      sensitivity: { constant: 'internal' },
      audience: { constant: 'internal' },
      money: { pointer: '/amount', currency: { pointer: '/currency' } },
      records: { constant: 1 },
      categories: { constant: [] },
      regimes: { constant: [] },
      compensation: { action: 'payments.cancel' },
      ...changes,
    },
  });
const irreversible = { reversibility: 'irreversible', compensation: undefined };
const trusted: GovernedAgent = { id: 'agt_a', processId: 'prc_a', autonomyFloor: 1 };
const of = (one: ActionType, by: GovernedAgent = trusted, more: readonly Policy[] = []) =>
  effectiveTiers(compilePolicies([...baselinePolicies(), ...more], rates), by, one);
const words = (one: ActionType, by: GovernedAgent = trusted, more: readonly Policy[] = []) => effectiveWords(of(one, by, more)).main.text;

describe('effective tiers, over generated policies, classifications and requests', () => {
  it('give every request the tier that the engine gives it', () => {
    fc.assert(
      fc.property(policies, actionType, fc.array(request, { minLength: 5, maxLength: 5 }), (list, one, asked) => {
        const set = compilePolicies(
          list.map(({ triggers: _triggers, ...policy }) => policy),
          RATES,
        );
        const compiled = compileActionType(one);
        for (const { agent: by, ...given } of asked) {
          const reading = readRisk(compiled, given, RATES);
          if (!reading.ok) continue;
          const judged = evaluate(set, { agent: by, type: compiled, risk: reading.risk, permitted: true, supportsReportOutcome: true });
          const table = effectiveTiers(set, by, one);
          expect(tierOf(table, reading.risk)).toBe(judged.tier);
          expect(table.lowest).toBeLessThanOrEqual(judged.tier ?? 4);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it('are plain JSON, and name only policies that are in force', () => {
    fc.assert(
      fc.property(policies, actionType, agent, (list, one, by) => {
        const table = effectiveTiers(compilePolicies(list, RATES), by, one);
        expect(JSON.parse(JSON.stringify(table))).toEqual(table);
        const ids = list.map(({ id }) => id);
        for (const { steps } of table.ladders) for (const step of steps) expect(ids).toContain(step.policy);
        const lines = effectiveWords(table);
        for (const { text } of [lines.main, ...lines.more, ...lines.declared]) expect(text).not.toMatch(/undefined|null|NaN/);
      }),
      { numRuns: RUNS / 4 },
    );
  });
});

describe('what an agent may do alone, in words', () => {
  const approvalFrom1: Policy = {
    id: 'pol_tight',
    name: 'Tight',
    version: 4,
    kind: 'guardrail',
    selector: { level: 'organisation', actions: ['payments.*'] },
    ladders: [{ dimension: 'money', currency: 'EUR', tiers: { 3: '100' } }],
  };
  it.each<[string, string, string]>([
    [
      'a scheduled payment',
      words(type('payments.schedule')),
      'alone up to 499.99 USD, supervised from 500, signed from 50,000, halted from 250,000',
    ],
    [
      'one that cannot be undone',
      words(type('payments.execute', irreversible)),
      'always signed first (it cannot be undone), halted from 250,000 USD',
    ],
    [
      'an agent that was not promoted yet',
      words(type('payments.schedule'), { ...trusted, autonomyFloor: 2 }),
      "always supervised (the agent's autonomy floor is 2), signed from 50,000 USD, halted from 250,000",
    ],
    [
      'a guardrail in another currency, stricter than the default',
      words(type('payments.schedule'), trusted, [approvalFrom1]),
      'alone up to 99.99 EUR, signed from 100, halted from 250,000 USD',
    ],
    [
      'an action type nobody approved',
      words({ ...type('payments.schedule'), status: 'unset' }),
      'always halted: no person has approved this action type',
    ],
    [
      'an action no policy covers',
      effectiveWords(effectiveTiers(compilePolicies([], rates), trusted, type('payments.schedule'))).main.text,
      'always halted: no policy covers it',
    ],
    ['no money at all', words(type('notes.write', { money: undefined })), 'alone'],
    [
      'one fixed regime',
      words(type('notes.write', { regimes: { constant: ['gdpr'] } })),
      'always signed first (gdpr), halted from 250,000 USD',
    ],
  ])('%s', (_name, said, expected) => expect(said).toBe(expected));

  it('keeps what only the agent itself could declare apart from what arguments reach', () => {
    const lines = effectiveWords(of(type('payments.schedule', { records: { pointer: '/n' } })));
    expect(lines.more.map(({ text }) => text)).toEqual([
      'records: supervised from 10 records, signed from 1,000 records, halted from 10,000 records',
      'confidence: supervised below 0.8, signed below 0.5',
    ]);
    expect(lines.declared.map(({ text }) => text)).toContain(
      'regimes: signed with eu-ai-act-high-risk, gdpr or sox, halted with regulatory-filing, security-incident or system-configuration',
    );
  });

  it('names the policy and version behind each line', () => {
    expect(effectiveWords(of(type('payments.schedule'))).main.by).toEqual([{ id: 'pol_baseline_payments', version: 1, guardrail: false }]);
    expect(effectiveWords(of(type('payments.schedule'), trusted, [approvalFrom1])).main.by).toContainEqual({
      id: 'pol_tight',
      version: 4,
      guardrail: true,
    });
  });

  it.each([
    ['500', 'USD', '499.99'],
    ['500', 'JPY', '499'],
    ['500.5', 'JPY', '500.4'],
    ['0.01', 'USD', '0.00'],
    ['1000', 'KWD', '999.999'],
  ])('the largest amount below %s %s is %s', (threshold, currency, below) => expect(amountBelow(threshold, currency)).toBe(below));
});
