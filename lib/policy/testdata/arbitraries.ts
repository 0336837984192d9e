import fc from 'fast-check';
import { whereKey } from '@/lib/policy/schema';
import type { BreakerSection, Ladder, Policy, RateTable, RiskReading, Where } from '@/lib/policy/schema';
import { AUDIENCES, EFFECTS, REVERSIBILITIES, SENSITIVITIES } from '@/lib/registry/schema';
import type { ActionType, Classification, GovernedAgent } from '@/lib/registry/schema';

// Small pools on purpose: thresholds and values are drawn from the same few, so that edges, ties and shadowing happen often.

export const RATES: RateTable = { base: 'USD', asOf: '2026-11-02', rates: { EUR: '1.092', JPY: '0.00656' } };

const AMOUNTS = ['0', '0.01', '1', '9.99', '10', '10.00', '99.99999999', '100', '457.87', '499.99', '500', '546', '10000', '9999999.99'];
const COUNTS = [0, 1, 2, 9, 10, 100, 1_000, 9_007_199_254_740_991];
const LABELS = ['pii', 'pci', 'legal', 'gdpr', 'sox'];
const ACTIONS = ['payments.schedule', 'payments.vendor.pay', 'refunds.issue', 'notes'];
const PATTERNS = [
  '*',
  'payments.*',
  'payments.vendor.*',
  'payments.schedule',
  'payments.vendor.pay',
  'refunds.*',
  'refunds.issue',
  'notes',
  'notes.*',
];
const TRIGGERS = ['schedule:nightly', 'schedule:hourly', 'user', 'schedule'];
const AGENTS = ['agt_a', 'agt_b'];
const PROCESSES = ['prc_a', 'prc_b'];
const CONFIDENCES = [0, 0.1, 0.4, 0.5, 0.7, 0.8, 0.999, 1];

const amount = fc.constantFrom(...AMOUNTS);
const positiveAmount = fc.constantFrom(...AMOUNTS.slice(1));
const positiveCount = fc.constantFrom(...COUNTS.slice(1, -1));
const currency = fc.constantFrom('USD', 'EUR', 'JPY');
const count = fc.constantFrom(...COUNTS);
const labels = fc.subarray(LABELS, { maxLength: 3 }).chain((some) => fc.shuffledSubarray(some, { minLength: some.length }));
const someLabels = fc.shuffledSubarray(LABELS, { minLength: 1, maxLength: 3 });
const sensitivity = fc.constantFrom(...SENSITIVITIES);
const audience = fc.constantFrom(...AUDIENCES);
const reversibility = fc.constantFrom(...REVERSIBILITIES);
const confidence = fc.constantFrom(...CONFIDENCES);

const rarelyOf = <Usual, Rare>(weight: number, usual: fc.Arbitrary<Usual>, rare: fc.Arbitrary<Rare>) =>
  fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: rare });
/** rarely makes what a request seldom is: there are some twenty places to go wrong, and most requests should not. */
const rarely = <Usual, Rare>(usual: fc.Arbitrary<Usual>, rare: fc.Arbitrary<Rare>) => rarelyOf(120, usual, rare);

/** defined drops members that are undefined, since a JSON document has none. */
const defined = <Shape extends object>(shape: fc.Arbitrary<Shape>) =>
  // Dropping a member that is undefined only makes an optional member absent, which each shape below allows.
  shape.map((value) => Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Shape);

// Policies.

const whereShape: fc.Arbitrary<Where | undefined> = fc
  .record(
    {
      effect: fc.constantFrom('above_read' as const, 'write' as const, 'delete' as const, 'send' as const, 'execute' as const),
      categories: fc.shuffledSubarray(LABELS, { minLength: 1, maxLength: 2 }),
      regimes: fc.shuffledSubarray(LABELS, { minLength: 1, maxLength: 2 }),
      audience: fc.constantFrom('external' as const, 'public' as const),
    },
    { requiredKeys: [] },
  )
  .map((where) => (Object.keys(where).length === 0 ? undefined : where));
const effectAlone = fc.constantFrom<Where[]>({ effect: 'above_read' }, { effect: 'write' }, { effect: 'send' });
const where = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: effectAlone },
  { weight: 1, arbitrary: whereShape },
);

const tiersOf = <Value>(value: fc.Arbitrary<Value>) =>
  fc.record({ 2: value, 3: value, 4: value }, { requiredKeys: [] }).filter((tiers) => Object.keys(tiers).length > 0);

const ladderOf = (narrowed: fc.Arbitrary<Where | undefined>): fc.Arbitrary<Ladder> =>
  fc.oneof(
    defined(fc.record({ dimension: fc.constant('money' as const), where: narrowed, currency, tiers: tiersOf(amount) })),
    defined(fc.record({ dimension: fc.constant('records' as const), where: narrowed, tiers: tiersOf(count) })),
    defined(fc.record({ dimension: fc.constant('sensitivity' as const), where: narrowed, tiers: tiersOf(sensitivity) })),
    defined(fc.record({ dimension: fc.constant('categories' as const), where: narrowed, tiers: tiersOf(someLabels) })),
    defined(fc.record({ dimension: fc.constant('reversibility' as const), where: narrowed, tiers: tiersOf(reversibility) })),
    defined(fc.record({ dimension: fc.constant('regimes' as const), where: narrowed, tiers: tiersOf(someLabels) })),
    defined(fc.record({ dimension: fc.constant('audience' as const), where: narrowed, tiers: tiersOf(audience) })),
    defined(fc.record({ dimension: fc.constant('confidence' as const), where: narrowed, tiers: tiersOf(confidence) })),
    fc.constant({ dimension: 'scope' as const, tiers: { 4: 'always' as const } }),
  );

const keyOf = (ladder: Ladder) => `${ladder.dimension}|${whereKey('where' in ladder ? ladder.where : undefined)}`;
const ladders = fc.uniqueArray(ladderOf(where), { maxLength: 6, selector: keyOf });

/** NARROW is a category no generated policy asks for, so that a ladder under it is a key of its own. */
export const NARROW = 'narrow';
export const narrowLadders = fc.uniqueArray(
  ladderOf(where.map((wider) => ({ ...wider, categories: [...(wider?.categories ?? []), NARROW] }))),
  {
    minLength: 1,
    maxLength: 4,
    selector: keyOf,
  },
);

const actions = fc.shuffledSubarray(PATTERNS, { minLength: 1, maxLength: 3 });
const selector: fc.Arbitrary<Policy['selector']> = fc.oneof(
  fc.record({ level: fc.constant('organisation' as const), actions }),
  fc.record({ level: fc.constant('process' as const), process: fc.constantFrom(...PROCESSES), actions }),
  fc.record({ level: fc.constant('agent' as const), agent: fc.constantFrom(...AGENTS), actions }),
);

const when = { atLeast: fc.constantFrom(1, 5, 20), withinSeconds: fc.constantFrom(10, 90, 300, 3600) };
const share = fc.oneof(fc.constant('never' as const), fc.record({ percent: fc.integer({ min: 1, max: 100 }), ...when }));
const breaker: fc.Arbitrary<BreakerSection> = fc
  .record(
    {
      errors: share,
      refusals: share,
      spend: fc.oneof(
        fc.constant('never' as const),
        fc.record({ amount: fc.constantFrom('100', '2500.50', '1000000'), currency: fc.constantFrom('USD', 'EUR'), ...when }),
      ),
      pauseSeconds: fc.constantFrom(10, 60, 5400, 86_400),
      probes: fc.constantFrom(1, 3, 100),
    },
    { requiredKeys: [] },
  )
  .filter((section) => Object.keys(section).length > 0);

const policyBody = fc.record(
  {
    version: fc.integer({ min: 1, max: 9 }),
    kind: fc.constantFrom('default' as const, 'default' as const, 'guardrail' as const),
    selector,
    ladders,
    baseline: fc.boolean(),
    triggers: fc.record({
      allowed: fc.shuffledSubarray(['schedule:nightly', 'schedule:*', 'user', '*'], { minLength: 1, maxLength: 3 }),
      otherwise: fc.constantFrom('deny' as const, 2 as const, 3 as const, 4 as const),
    }),
    approval: fc.record({ slaSeconds: fc.constantFrom(60, 3600, 86_400) }),
    reversal: fc.record({ windowSeconds: fc.constantFrom(60, 3600, 86_400) }),
    breaker,
  },
  { requiredKeys: ['version', 'kind', 'selector', 'ladders'] },
);

/** guardable leaves out what a guardrail cannot say. */
function guardable<Body extends Pick<Policy, 'kind' | 'breaker'>>({ breaker: said, ...body }: Body) {
  if (said === undefined) return body;
  const kept = Object.entries(said).filter(([, value]) => body.kind === 'default' || value !== 'never');
  return kept.length === 0 ? body : { ...body, breaker: Object.fromEntries(kept) };
}

/** seldomTriggered keeps triggers on few policies, or nearly every generated question would end at them. */
function seldomTriggered({ triggers, ...policy }: Policy): Policy {
  return triggers === undefined || policy.version > 2 ? policy : { ...policy, triggers };
}

export const somePolicies: fc.Arbitrary<Policy[]> = fc.array(policyBody, { maxLength: 8 }).map((bodies) =>
  bodies.map(({ baseline, ...body }, index) =>
    seldomTriggered({
      id: `pol_${index}`,
      name: `Policy ${index}`,
      ...guardable(body),
      ...(baseline === undefined || body.selector.level !== 'organisation' ? {} : { baseline }),
    }),
  ),
);

/** NEUTRAL covers everything and asks for nothing, so that coverage does not stand in the way of what a property is about. */
export const NEUTRAL: Policy = {
  id: 'pol_neutral',
  name: 'Covers everything, asks for nothing',
  version: 1,
  kind: 'default',
  baseline: true,
  selector: { level: 'organisation', actions: ['*'] },
  ladders: [],
};

/** policies mostly come with a baseline, or nearly every generated question would end at its absence. */
export const policies: fc.Arbitrary<Policy[]> = fc
  .tuple(somePolicies, rarelyOf(8, fc.constant([NEUTRAL]), fc.constant([])))
  .map(([some, baseline]) => [...some, ...baseline]);

// Action types and requests.

const from = <Value>(value: fc.Arbitrary<Value>, pointer: string) =>
  fc.oneof(fc.record({ constant: value }), fc.record({ declared: value }), fc.constant({ pointer }));

const money = fc.record({ amount, currency });
const currencyFrom = fc.oneof(fc.record({ constant: currency }), fc.constant({ pointer: '/currency' }));
const moneyFrom: fc.Arbitrary<NonNullable<Classification['money']>> = fc.oneof(
  fc.record({ constant: money }),
  fc.record({ declared: money }),
  fc.record({ pointer: fc.constantFrom('/amount', '/deep/amount'), currency: currencyFrom }),
  fc.record({ sum: fc.constant('/items/*/amount'), currency: currencyFrom }),
);
const recordsFrom: fc.Arbitrary<NonNullable<Classification['records']>> = fc.oneof(
  fc.record({ constant: count }),
  fc.record({ declared: count }),
  fc.constantFrom({ pointer: '/n' }, { sum: '/items/*/n' }, { count: '/items' }),
);

const classification: fc.Arbitrary<Classification> = fc
  .tuple(
    fc.record(
      {
        effect: fc.constantFrom(...EFFECTS),
        reversibility,
        sensitivity: from(sensitivity, '/level'),
        audience: from(audience, '/reach'),
        money: moneyFrom,
        records: recordsFrom,
        categories: from(labels, '/labels'),
        regimes: from(labels, '/regimes'),
        counterparty: fc.constant('/vendor'),
      },
      { requiredKeys: ['effect', 'reversibility', 'sensitivity', 'audience'] },
    ),
    rarely(fc.constant(true), fc.constant(false)),
  )
  .map(([body, fits]) => {
    const undoable = body.effect !== 'read' && body.reversibility !== 'irreversible';
    return undoable === fits ? { ...body, compensation: { action: 'notes' } } : body;
  });

const actionTypeOf = (name: fc.Arbitrary<string>): fc.Arbitrary<ActionType> =>
  fc.record({
    name,
    title: fc.constant('Generated actions'),
    system: fc.constant('generated'),
    version: fc.constant(1),
    status: rarely(fc.constant('approved' as const), fc.constantFrom('unset' as const, 'disabled' as const)),
    parameters: fc.constantFrom<Record<string, unknown>>({ type: 'object' }, { type: 'object', required: ['amount'] }),
    classification: rarely(classification, fc.constant(null)),
  });

export const actionType = actionTypeOf(fc.constantFrom(...ACTIONS));

const badAmount = fc.constantFrom<unknown>(
  '-1',
  '1,000',
  '1e3',
  '',
  ' 5',
  '.5',
  '05',
  '1.123456789',
  0.1 + 0.2,
  -0,
  2 ** 53,
  1e21,
  -5,
  null,
  ['5'],
  '5\n',
  '0',
  0,
);
const anyAmount = rarely(fc.oneof(positiveAmount, fc.constantFrom<unknown>(5, 10, 499.99, 500, 10_000, 0.01)), badAmount);
const badCount = fc.constantFrom<unknown>(-1, 1.5, '5', null, 2 ** 53, Number.MAX_SAFE_INTEGER, [1], -0, 0);
const absent = fc.constant(undefined);
const perhaps = <Value>(value: fc.Arbitrary<Value>) => rarely(value, absent);
const anyLabels = rarely(
  fc.oneof(labels, fc.constantFrom(...LABELS)),
  fc.constantFrom<unknown>(
    ['PII'],
    'a b',
    7,
    [7],
    null,
    Array.from({ length: 33 }, () => 'pii'),
  ),
);
const anyLevel = (level: fc.Arbitrary<string>) => rarely(level, fc.constantFrom<unknown>('cosmic', 'Internal', 3, null, ['internal']));
const anyCurrency = rarely(currency, fc.constantFrom<unknown>('usd', 'XXX', 'eur', '', 840, null, '__proto__', ['USD']));

const toolArguments: fc.Arbitrary<unknown> = rarely(
  defined(
    fc.record({
      amount: perhaps(anyAmount),
      currency: perhaps(anyCurrency),
      deep: perhaps(defined(fc.record({ amount: perhaps(anyAmount) }))),
      items: perhaps(
        rarely(
          fc.array(defined(fc.record({ amount: perhaps(anyAmount), n: perhaps(rarely(positiveCount, badCount)) })), {
            minLength: 1,
            maxLength: 4,
          }),
          fc.constantFrom<unknown>([], {}, 'x', null),
        ),
      ),
      n: perhaps(rarely(positiveCount, badCount)),
      level: perhaps(anyLevel(sensitivity)),
      reach: perhaps(anyLevel(audience)),
      labels: perhaps(anyLabels),
      regimes: perhaps(anyLabels),
      vendor: perhaps(rarely(fc.constantFrom<unknown>('V-1', 'V-2', 7), fc.constantFrom<unknown>('', {}, 1.5))),
    }),
  ),
  fc.constantFrom<unknown>(null, [], 'text', 5, undefined),
);

const anyMoney = rarely(
  fc.record({ amount: anyAmount, currency: anyCurrency }),
  fc.constantFrom<unknown>(null, '5 USD', { amount: '5' }, [], 5),
);
export const declaredRisk: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        money: anyMoney,
        records: rarely(positiveCount, badCount),
        sensitivity: anyLevel(sensitivity),
        audience: anyLevel(audience),
        categories: anyLabels,
        regimes: anyLabels,
        reversibility: reversibility,
        else: fc.constant('ignored'),
      },
      { requiredKeys: [] },
    ),
  },
);

export const agent: fc.Arbitrary<GovernedAgent> = fc.record({
  id: fc.constantFrom(...AGENTS, 'agt_c'),
  processId: fc.constantFrom(...PROCESSES, 'prc_c', null),
  autonomyFloor: rarelyOf(6, fc.constant(1 as const), fc.constantFrom(2 as const, 3 as const, 4 as const)),
});

export const request = fc.record({
  agent,
  permitted: rarely(fc.constant(true), fc.constant(false)),
  supportsReportOutcome: fc.constantFrom(true, true, true, false),
  trigger: fc.constantFrom(undefined, ...TRIGGERS),
  arguments: toolArguments,
  declared: declaredRisk,
  confidence: fc.oneof(absent, rarely(confidence, fc.constantFrom<unknown>(-0.1, 1.1, NaN, '0.9', null))),
});
export type GeneratedRequest = typeof request extends fc.Arbitrary<infer Request> ? Request : never;

// Readings, in pairs of which the second is at least as bad in every dimension.

const readingLabels = fc.subarray([...LABELS, NARROW], { maxLength: 4 });
const nth = <Value>(pool: readonly Value[], index: number): Value | undefined => pool[index];

/** worsePair gives two readings and two reversibilities, the second nowhere better than the first. */
export const worsePair = fc
  .record({
    amounts: fc.tuple(fc.option(fc.nat(1_000_000), { nil: undefined }), fc.nat(1_000_000)),
    round: fc.boolean(),
    counts: fc.tuple(fc.option(fc.nat(COUNTS.length - 1), { nil: undefined }), fc.nat(COUNTS.length - 1)),
    sensitivities: fc.tuple(fc.nat(3), fc.nat(3)),
    audiences: fc.tuple(fc.nat(2), fc.nat(2)),
    reversibilities: fc.tuple(fc.nat(2), fc.nat(2)),
    categories: fc.tuple(readingLabels, readingLabels),
    regimes: fc.tuple(readingLabels, readingLabels),
    confidences: fc.tuple(fc.option(confidence, { nil: undefined }), confidence),
    moves: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
  })
  .map((drawn) => {
    const better = (pair: readonly [number, number]) => Math.min(...pair);
    const worse = (pair: readonly [number, number]) => Math.max(...pair);
    const cents = (value: number) => (drawn.round ? `${value}.00` : `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`);
    const [someAmount, otherAmount] = drawn.amounts;
    const [someCount, otherCount] = drawn.counts;
    const [someConfidence, otherConfidence] = drawn.confidences;
    const [moneyMoves, countMoves, doubts] = drawn.moves;
    const reading = (
      pick: (pair: readonly [number, number]) => number,
      all: boolean,
      amounts: number | undefined,
      counts: number | undefined,
      sure: number | undefined,
    ): RiskReading => ({
      effect: 'write',
      reversibility: nth(REVERSIBILITIES, pick(drawn.reversibilities)) ?? 'irreversible',
      sensitivity: nth(SENSITIVITIES, pick(drawn.sensitivities)) ?? 'restricted',
      audience: nth(AUDIENCES, pick(drawn.audiences)) ?? 'public',
      categories: all ? [...new Set(drawn.categories.flat())].sort() : [...drawn.categories[0]].sort(),
      regimes: all ? [...new Set(drawn.regimes.flat())].sort() : [...drawn.regimes[0]].sort(),
      ...(amounts === undefined ? {} : { money: { amount: cents(amounts), currency: 'USD' } }),
      ...(counts === undefined ? {} : { records: nth(COUNTS, counts) ?? 0 }),
      ...(sure === undefined ? {} : { confidence: sure }),
    });
    return {
      mild: reading(better, false, someAmount, someCount, someConfidence),
      grave: reading(
        worse,
        true,
        moneyMoves ? Math.max(someAmount ?? 0, otherAmount) : someAmount,
        countMoves ? Math.max(someCount ?? 0, otherCount) : someCount,
        doubts ? Math.min(someConfidence ?? 1, otherConfidence) : someConfidence,
      ),
    };
  });
