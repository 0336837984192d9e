import { describe, expect, it } from 'vitest';
import { PLANS_MAX, compileActionType, compilePolicies, evaluate, parsePolicies, parseRates } from '@/lib/policy/domain';
import { baselinePolicies, baselineRates } from '@/lib/policy/shipped';
import { Policy } from '@/lib/policy/schema';
import type { RiskReading } from '@/lib/policy/schema';
import { ActionType } from '@/lib/registry/schema';

const rates = baselineRates();

const typeOf = (name: string, more: Record<string, unknown> = {}) =>
  compileActionType(
    ActionType.parse({
      name,
      title: 'Vendor payments',
      system: 'erp',
      version: 1,
      status: 'approved',
      parameters: { type: 'object' },
      classification: {
        effect: 'execute',
        reversibility: 'reversible',
        sensitivity: { constant: 'internal' },
        audience: { constant: 'internal' },
        compensation: { action: 'payments.cancel' },
        ...more,
      },
    }),
  );
const payment = typeOf('payments.vendor.schedule');

const money = (amount: string): RiskReading => ({
  effect: 'execute',
  reversibility: 'reversible',
  sensitivity: 'internal',
  audience: 'internal',
  categories: [],
  regimes: [],
  money: { amount, currency: 'USD' },
});

let made = 0;
const policy = (level: string, actions: string[], tiers: Record<string, string>, more: Record<string, unknown> = {}) =>
  Policy.parse({
    id: `pol_${++made}`,
    name: 'A policy',
    version: 3,
    kind: 'default',
    selector: { level, actions, ...(level === 'agent' ? { agent: 'agt_a' } : level === 'process' ? { process: 'prc_a' } : {}) },
    ladders: Object.keys(tiers).length === 0 ? [] : [{ dimension: 'money', currency: 'USD', tiers }],
    ...more,
  });
const baseline = (tiers: Record<string, string>) => policy('organisation', ['*'], tiers, { baseline: true });

const ask = (policies: readonly Policy[], amount: string, more: Partial<Parameters<typeof evaluate>[1]> = {}) =>
  evaluate(compilePolicies(policies, rates), {
    agent: { id: 'agt_a', processId: 'prc_a', autonomyFloor: 1 },
    type: payment,
    risk: money(amount),
    permitted: true,
    supportsReportOutcome: true,
    ...more,
  });

describe('the most specific policy supplies a ladder', () => {
  const wide = baseline({ 3: '100' });
  it.each([
    ['a process replaces the organisation', [wide, policy('process', ['*'], { 3: '500' })], '499', 1],
    ['an agent replaces its process', [policy('process', ['payments.*'], { 3: '100' }), policy('agent', ['*'], { 3: '500' })], '499', 1],
    ['within a level the longer pattern wins', [wide, policy('organisation', ['payments.*'], { 3: '500' })], '499', 1],
    [
      'the exact name wins over any prefix',
      [policy('process', ['payments.vendor.*'], { 3: '100' }), policy('process', ['payments.vendor.schedule'], { 3: '500' })],
      '499',
      1,
    ],
    [
      'the longest matching pattern of a policy counts',
      [policy('process', ['payments.*'], { 3: '100' }), policy('process', ['*', 'payments.vendor.*'], { 3: '500' })],
      '499',
      1,
    ],
    [
      'a tie goes to the more restrictive',
      [policy('process', ['payments.*'], { 3: '100' }), policy('process', ['payments.*'], { 3: '500' })],
      '499',
      3,
    ],
    ['a more specific policy may also tighten', [wide, policy('agent', ['*'], { 3: '50' })], '60', 3],
    [
      'another process has no say',
      [wide, policy('process', ['*'], { 3: '1' }, { selector: { level: 'process', process: 'prc_b', actions: ['*'] } })],
      '99',
      1,
    ],
    [
      'another agent has no say',
      [wide, policy('agent', ['*'], { 3: '1' }, { selector: { level: 'agent', agent: 'agt_b', actions: ['*'] } })],
      '99',
      1,
    ],
    ['a prefix is whole segments', [wide, policy('organisation', ['pay.*'], { 3: '1' })], '99', 1],
    [
      'a guardrail stays under any default',
      [
        wide,
        policy('organisation', ['*'], { 3: '200' }, { kind: 'guardrail' }),
        policy('agent', ['payments.vendor.schedule'], { 3: '500' }),
      ],
      '200',
      3,
    ],
    ['a guardrail does not replace a default', [wide, policy('agent', ['*'], { 3: '500' }, { kind: 'guardrail' })], '100', 3],
  ])('%s', (_name, policies, amount, tier) => {
    expect(ask(policies, amount).tier).toBe(tier);
    expect(ask(policies.toReversed(), amount).tier).toBe(tier);
  });

  it('a narrower where adds to the ladder it does not replace', () => {
    const narrow = policy(
      'agent',
      ['*'],
      {},
      { ladders: [{ dimension: 'money', currency: 'USD', where: { categories: ['legal'] }, tiers: { 4: '10' } }] },
    );
    const policies = [baseline({ 3: '100' }), narrow];
    expect(ask(policies, '100').tier).toBe(3);
    expect(ask(policies, '20', { risk: { ...money('20'), categories: ['legal'] } }).tier).toBe(4);
  });

  it('ladders for two effects do not replace each other', () => {
    const of = (effect: string, from: string) => ({
      ladders: [{ dimension: 'money', currency: 'USD', where: { effect }, tiers: { 3: from } }],
    });
    const policies = [policy('process', ['*'], {}, of('execute', '100')), policy('agent', ['*'], {}, of('send', '500'))];
    expect(ask(policies, '100').tier).toBe(3);
  });

  it('a threshold may be in another currency than the base', () => {
    const euros = policy('process', ['*'], {}, { ladders: [{ dimension: 'money', currency: 'EUR', tiers: { 3: '100' } }] });
    expect(ask([euros], '109.19').tier).toBe(1);
    expect(ask([euros], '109.2')).toMatchObject({ tier: 3, reasons: [{ observed: '109.2 USD', threshold: '100 EUR' }] });
  });
});

describe('nothing goes ahead by omission', () => {
  it.each([
    ['no policy at all', []],
    ['only an organisation policy that is not the baseline', [policy('organisation', ['*'], { 4: '1000' })]],
    ['a policy for other actions', [policy('process', ['refunds.*'], { 4: '1000' })]],
  ])('%s covers nothing: halt', (_name, policies) => {
    expect(ask(policies, '1')).toMatchObject({ verdict: 'halt', tier: 4, deciding: ['coverage'], reasons: [{ code: 'NO_POLICY' }] });
  });

  it('what is not permitted halts, named by the guardrail that says so', () => {
    expect(ask(baselinePolicies(), '1', { permitted: false })).toMatchObject({
      verdict: 'halt',
      tier: 4,
      deciding: ['scope'],
      reasons: [
        { code: 'OUT_OF_SCOPE', policy: 'pol_baseline_guardrails', version: 1, text: 'Vendor payments are not permitted to this agent.' },
      ],
    });
  });

  it('what is not permitted halts even where no policy says so', () => {
    expect(ask([], '1', { permitted: false })).toMatchObject({ verdict: 'halt', reasons: [{ code: 'OUT_OF_SCOPE' }] });
  });

  it('the autonomy floor holds under every ladder', () => {
    const agent = { id: 'agt_a', processId: null, autonomyFloor: 2 as const };
    expect(ask([baseline({})], '1', { agent })).toMatchObject({ tier: 2, deciding: ['autonomy'], reasons: [{ code: 'AUTONOMY_TIER_2' }] });
  });

  it('supervision needs a client that reports outcomes, or a person approves', () => {
    expect(ask([baseline({ 2: '1' })], '1', { supportsReportOutcome: false })).toMatchObject({
      verdict: 'approval_required',
      tier: 3,
      deciding: ['obligation'],
      reasons: [{ code: 'OBLIGATION_TIER_3' }, { code: 'MONEY_TIER_2' }],
    });
  });
});

describe('triggers', () => {
  const nightly = { allowed: ['schedule:*', 'user'], otherwise: 'deny' };
  const at = (otherwise: unknown, more: Record<string, unknown> = {}) =>
    policy('process', ['*'], {}, { triggers: { ...nightly, otherwise }, ...more });
  it.each([
    ['one that is listed', [at('deny')], 'user', 'allow'],
    ['one under a listed prefix', [at('deny')], 'schedule:nightly', 'allow'],
    ['another one', [at('deny')], 'webhook', 'deny'],
    ['none at all', [at('deny')], undefined, 'deny'],
    ['a longer spelling of a listed one', [at('deny')], 'users', 'deny'],
    ['another one, where policy only raises', [at(3)], 'webhook', 'approval_required'],
    ['none at all, where policy only raises', [at(4)], undefined, 'halt'],
    [
      'one that an agent policy adds',
      [at('deny'), policy('agent', ['*'], {}, { triggers: { allowed: ['webhook'], otherwise: 'deny' } })],
      'webhook',
      'allow',
    ],
    [
      'one that a guardrail forbids and an agent policy adds',
      [at('deny', { kind: 'guardrail' }), policy('agent', ['*'], {}, { triggers: { allowed: ['webhook'], otherwise: 'deny' } })],
      'webhook',
      'deny',
    ],
  ])('%s', (_name, policies, trigger, verdict) => {
    expect(ask([baseline({}), ...policies], '1', { trigger }).verdict).toBe(verdict);
  });

  it('a trigger that is refused is a deny without a tier, and says which policy', () => {
    const rule = at('deny');
    expect(ask([rule], '1', { trigger: 'webhook' })).toMatchObject({
      tier: null,
      deciding: ['trigger'],
      reasons: [{ code: 'TRIGGER_NOT_ALLOWED', tier: null, policy: rule.id, version: 3 }],
    });
  });
});

describe('deadlines', () => {
  const sla = (level: string, slaSeconds: number, kind = 'default') => policy(level, ['*'], {}, { approval: { slaSeconds }, kind });
  it.each([
    ['four hours unless a policy says otherwise', [], 14_400],
    ['the most specific policy says', [sla('process', 7200), sla('agent', 28_800)], 28_800],
    ['of a tie the shorter', [sla('process', 7200), sla('process', 3600)], 3600],
    ['a guardrail only shortens', [sla('agent', 28_800), sla('organisation', 3600, 'guardrail')], 3600],
    ['a longer guardrail does not lengthen', [sla('organisation', 86_400, 'guardrail')], 14_400],
  ])('an approval waits %s', (_name, policies, seconds) => {
    expect(ask([baseline({ 3: '1' }), ...policies], '1').approvalSlaSeconds).toBe(seconds);
  });

  const window = (level: string, windowSeconds: number, kind = 'default') =>
    policy(level, ['*'], {}, { reversal: { windowSeconds }, kind });
  const settling = { type: typeOf('payments.schedule', { reversal: { until: 'settlement', windowSeconds: 86_400 } }) };
  const brief = { type: typeOf('payments.schedule', { reversal: { windowSeconds: 600 } }) };
  it.each([
    ['half an hour unless anything says otherwise', [], {}, 1800],
    ['until settlement where the type names it', [], settling, 86_400],
    ['as the most specific policy says', [window('process', 60), window('agent', 7200)], {}, 7200],
    ['as a policy says, within settlement', [window('process', 7200)], settling, 7200],
    ['never past settlement', [window('process', 172_800)], settling, 86_400],
    ['never past what the type allows', [], brief, 600],
    ['of a tie the longer', [window('process', 60), window('process', 600)], {}, 600],
    ['at least as long as a guardrail says', [window('agent', 60), window('organisation', 900, 'guardrail')], {}, 900],
    [
      'not at all for what cannot be undone',
      [],
      { type: typeOf('x', { reversibility: 'irreversible', compensation: undefined }) },
      undefined,
    ],
    ['not at all for a read', [], { type: typeOf('x', { effect: 'read', compensation: undefined }) }, undefined],
  ])('a supervised action can be undone %s', (_name, policies, more, seconds) => {
    const evaluation = ask([baseline({ 2: '1' }), ...policies], '1', more);
    expect(evaluation.verdict).toBe('allow_reversible');
    expect(evaluation.reversalWindowSeconds).toBe(seconds);
  });

  it('only a supervised action has a window', () => {
    for (const amount of ['0.5', '10', '100'])
      expect(ask([baseline({ 2: '1', 3: '10', 4: '100' })], amount)).not.toHaveProperty('reversalWindowSeconds');
  });
});

describe('a decision says why', () => {
  it('in the words of the policy page', () => {
    expect(ask(baselinePolicies(), '67704.00').reasons).toEqual([
      {
        code: 'MONEY_TIER_3',
        dimension: 'money',
        observed: '67704.00 USD',
        threshold: '50000 USD',
        tier: 3,
        policy: 'pol_baseline_payments',
        version: 1,
        text: 'Vendor payments of 50,000 USD or more need approval.',
      },
    ]);
  });

  it.each<[string, Partial<RiskReading>, string, string]>([
    ['records', { records: 20_000 }, 'Vendor payments of 10,000 records or more are halted until a senior person decides.', '20000'],
    ['records', { records: 100, categories: ['pii'] }, 'Vendor payments of 100 records or more with pii data need approval.', '100'],
    ['sensitivity', { sensitivity: 'confidential' }, 'Vendor payments with confidential data or above are supervised.', 'confidential'],
    [
      'regimes',
      { regimes: ['gdpr', 'hipaa', 'sox'] },
      'Vendor payments under eu-ai-act-high-risk, gdpr or sox need approval.',
      'gdpr, sox',
    ],
    ['confidence', { confidence: 0.4 }, 'Vendor payments proposed with confidence below 0.5 need approval.', '0.4'],
  ])('%s: %o', (dimension, more, text, observed) => {
    expect(ask(baselinePolicies(), '1', { risk: { ...money('1'), ...more } }).reasons[0]).toMatchObject({ dimension, text, observed });
  });

  it('names every dimension that decides, then those that raised less', () => {
    const risk = { ...money('600'), sensitivity: 'restricted' as const, regimes: ['sox'], confidence: 0.7 };
    const evaluation = ask(baselinePolicies(), '600', { risk });
    expect(evaluation.deciding).toEqual(['sensitivity', 'regimes']);
    expect(evaluation.reasons.map((reason) => reason.code)).toEqual([
      'SENSITIVITY_TIER_3',
      'REGIMES_TIER_3',
      'MONEY_TIER_2',
      'CONFIDENCE_TIER_2',
    ]);
    expect(evaluation.policies.map(({ id }) => id)).toEqual(['pol_baseline', 'pol_baseline_guardrails', 'pol_baseline_payments']);
  });
});

describe('policies and memory', () => {
  it('answers stay the same when more plans are asked for than are kept', () => {
    const types = Array.from({ length: 50 }, (_, index) => typeOf(`payments.number${index}`));
    const agents = Array.from({ length: PLANS_MAX / 50 + 5 }, (_, index) => `agt_${index}`);
    const own = agents.map((agent) => policy('agent', ['*'], { 3: '100' }, { selector: { level: 'agent', agent, actions: ['*'] } }));
    const set = compilePolicies([baseline({ 4: '1' }), ...own], rates);
    const tiers = new Set<unknown>();
    for (let round = 0; round < 2; round++)
      for (const id of agents)
        for (const type of types)
          tiers.add(
            evaluate(set, {
              agent: { id, processId: null, autonomyFloor: 1 },
              type,
              risk: money('100'),
              permitted: true,
              supportsReportOutcome: true,
            }).tier,
          );
    expect([...tiers]).toEqual([3]);
    expect(set.planned.count).toBeLessThanOrEqual(PLANS_MAX);
  });

  it('an agent that moves to another process is judged by that one', () => {
    const own = policy('agent', ['*'], {});
    const ofA = policy('process', ['*'], { 3: '1' });
    const set = compilePolicies([own, ofA], rates);
    const tierIn = (processId: string) =>
      evaluate(set, {
        agent: { id: 'agt_a', processId, autonomyFloor: 1 },
        type: payment,
        risk: money('1'),
        permitted: true,
        supportsReportOutcome: true,
      }).tier;
    expect([tierIn('prc_a'), tierIn('prc_b'), tierIn('prc_a')]).toEqual([3, 1, 3]);
  });

  it.each([
    ['two policies of one id', () => compilePolicies([NAMED, NAMED], rates)],
    [
      'a threshold in a currency without a rate',
      () =>
        compilePolicies([policy('process', ['*'], {}, { ladders: [{ dimension: 'money', currency: 'XXX', tiers: { 2: '1' } }] })], rates),
    ],
  ])('a set with %s does not compile', (_name, compile) => {
    expect(compile).toThrow();
  });
});

const NAMED = policy('process', ['*'], {});

describe('policy documents', () => {
  const document = (ladder: string, more = '') =>
    `policies:\n  - id: pol_x\n    name: X\n    version: 1\n    kind: default\n    selector: { level: organisation, actions: ['*'] }\n    ladders: [${ladder}]\n${more}`;
  const ladder = "{ dimension: money, currency: USD, tiers: { 2: '5' } }";

  it('a well-formed one is read', () => {
    expect(parsePolicies(document(ladder))).toMatchObject({ ok: true, value: [{ id: 'pol_x' }] });
  });

  it.each([
    ['an unknown member', document(ladder, '    colour: blue\n')],
    ['an unknown dimension', document("{ dimension: weather, tiers: { 2: '5' } }")],
    ['an unknown condition', document("{ dimension: money, currency: USD, where: { unless: pii }, tiers: { 2: '5' } }")],
    ['a condition on a low level', document("{ dimension: money, currency: USD, where: { audience: internal }, tiers: { 2: '5' } }")],
    ['an empty condition', document("{ dimension: money, currency: USD, where: {}, tiers: { 2: '5' } }")],
    ['a condition on no category', document("{ dimension: money, currency: USD, where: { categories: [] }, tiers: { 2: '5' } }")],
    ['a ladder without tiers', document('{ dimension: money, currency: USD, tiers: {} }')],
    ['a tier 1 threshold', document("{ dimension: money, currency: USD, tiers: { 1: '5' } }")],
    ['a tier 5 threshold', document("{ dimension: money, currency: USD, tiers: { 5: '5' } }")],
    ['money as a float', document('{ dimension: money, currency: USD, tiers: { 2: 5.1 } }')],
    ['money without a currency', document("{ dimension: money, tiers: { 2: '5' } }")],
    ['a regime list of none', document('{ dimension: regimes, tiers: { 2: [] } }')],
    ['two ladders of one key', document(`${ladder}, ${ladder}`)],
    ['a scope that only sometimes holds', document('{ dimension: scope, tiers: { 4: sometimes } }')],
    ['no policies', 'policies: []'],
    ['the same id twice', document(ladder) + document(ladder).slice('policies:\n'.length)],
    [
      'a baseline for one process',
      document(ladder, '    baseline: true\n').replace('level: organisation', 'level: process, process: prc_a'),
    ],
    ['a selector of no action', document(ladder).replace("['*']", '[]')],
    ['a pattern with a star in the middle', document(ladder).replace("['*']", "['payments.*.schedule']")],
    ['an alias', `${document(ladder, '    x: &a [1]\n    y: *a\n')}`],
    ['a repeated key', document(ladder, '    kind: guardrail\n')],
    ['half a file', document(ladder).slice(0, -4)],
    ['two documents', `${document(ladder)}---\n${document(ladder)}`],
    ['nothing', ''],
    ['a file larger than the limit', `${document(ladder)}# ${'x'.repeat(1024 * 1024)}`],
  ])('one with %s is refused', (_name, text) => {
    const parsed = parsePolicies(text);
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.problems.length).toBeGreaterThan(0);
  });

  it.each([
    ['a rate of zero', "EUR: '0'"],
    ['a negative rate', "EUR: '-1'"],
    ['a rate as a float', 'EUR: 1.1'],
    ['a rate of too many decimals', "EUR: '1.0000000000001'"],
    ['a lower-case currency', "eur: '1.1'"],
  ])('a rate table with %s is refused', (_name, rate) => {
    expect(parseRates(`base: USD\nasOf: '2026-11-02'\nrates: { ${rate} }`).ok).toBe(false);
  });
});
