import { z } from 'zod';
import { DECIMAL, RATE_FRACTION_DIGITS_MAX } from '@/lib/kernel/money';
import { AmountText, Audience, Currency, Effect, Label, Money, Reversibility, Sensitivity } from '@/lib/registry/schema';
import { BreakerSection, neverSaid } from './breaker';

export const LADDERS_PER_POLICY_MAX = 200;
export const PATTERNS_PER_POLICY_MAX = 100;
export const TRIGGERS_PER_POLICY_MAX = 50;
export const POLICY_DOCUMENT_BYTES_MAX = 1024 * 1024;
export const APPROVAL_SLA_SECONDS_DEFAULT = 4 * 3600;
export const REVERSAL_WINDOW_SECONDS_DEFAULT = 30 * 60;
export const DURATION_SECONDS_MAX = 90 * 24 * 3600;

/** Tier: 1 autonomous, 2 supervised, 3 approval required, 4 halt and escalate. */
export const TIERS = [1, 2, 3, 4] as const;
export const Tier = z.literal(TIERS);
export type Tier = z.infer<typeof Tier>;

export const VERDICTS = ['allow', 'allow_reversible', 'approval_required', 'halt', 'deny'] as const;
export const Verdict = z.enum(VERDICTS);
export type Verdict = z.infer<typeof Verdict>;

/**
 * DIMENSIONS are what a decision can turn on, in the order in which equally deciding ones are named. The first eight are
 * readings of risk; the others are the action's place (scope, coverage), the agent's standing and its client's abilities.
 */
export const DIMENSIONS = [
  'scope',
  'coverage',
  'money',
  'records',
  'sensitivity',
  'categories',
  'reversibility',
  'regimes',
  'audience',
  'confidence',
  'trigger',
  'autonomy',
  'obligation',
] as const;
export const Dimension = z.enum(DIMENSIONS);
export type Dimension = z.infer<typeof Dimension>;

/** TIERED_DIMENSIONS raise with the code `<DIMENSION>_TIER_n`. */
const TIERED_DIMENSIONS = [
  'money',
  'records',
  'sensitivity',
  'categories',
  'reversibility',
  'regimes',
  'audience',
  'confidence',
  'trigger',
  'autonomy',
  'obligation',
] as const satisfies readonly Dimension[];
export type TieredDimension = (typeof TIERED_DIMENSIONS)[number];
export type RaisedTier = Exclude<Tier, 1>;
export const RAISED_TIERS = [2, 3, 4] as const satisfies readonly RaisedTier[];
export type TierReasonCode = `${Uppercase<TieredDimension>}_TIER_${RaisedTier}`;

/** tierCode is the reason code of a dimension that raises to a tier: `MONEY_TIER_3`. */
export function tierCode(dimension: TieredDimension, tier: RaisedTier): TierReasonCode {
  // toUpperCase is typed as string; the names are a closed list of lower-case ASCII.
  const name = dimension.toUpperCase() as Uppercase<TieredDimension>;
  return `${name}_TIER_${tier}`;
}

export const TIER_REASON_CODES: readonly TierReasonCode[] = TIERED_DIMENSIONS.flatMap((dimension) =>
  ([2, 3, 4] as const).map((tier) => tierCode(dimension, tier)),
);

/** POLICY_REASON_CODES are what the engine answers beside `<DIMENSION>_TIER_n`. */
export const POLICY_REASON_CODES = [
  'OUT_OF_SCOPE',
  'ACTION_UNCLASSIFIED',
  'NO_POLICY',
  'ARGUMENTS_INVALID',
  'TRIGGER_NOT_ALLOWED',
] as const;

/** ReasonCode is the closed list of codes an evaluation can give; the gate adds its own for what it knows beside policy. */
export const ReasonCode = z.enum([...POLICY_REASON_CODES, ...TIER_REASON_CODES]);
export type ReasonCode = z.infer<typeof ReasonCode>;

/**
 * Reason is one cause of a decision. `text` and `threshold` are made of the action type and the policy alone, `observed` of
 * decimal numbers and of values the policy itself names: nothing an agent wrote enters a reason. `tier` is null for a refusal.
 */
export const Reason = z.strictObject({
  code: ReasonCode,
  dimension: Dimension.optional(),
  observed: z.string().optional(),
  threshold: z.string().optional(),
  tier: Tier.nullable(),
  policy: z.string().optional(),
  version: z.int().optional(),
  /** Where in the arguments, as a pointer a person wrote into the classification or schema. */
  pointer: z.string().optional(),
  text: z.string(),
});
export type Reason = z.infer<typeof Reason>;

/** PolicyId is `pol_` and a name; baseline policies have readable ones. */
export const PolicyId = z.string().regex(/^pol_[0-9A-Za-z_]{1,64}$/);

/** ActionPattern is an action name, a dotted prefix (`payments.*`) or every action (`*`). */
export const ActionPattern = z
  .string()
  .max(200)
  .regex(/^(\*|[A-Za-z0-9_:/-]+(\.[A-Za-z0-9_:/-]+)*(\.\*)?)$/);
export type ActionPattern = z.infer<typeof ActionPattern>;

const ActionPatterns = z.array(ActionPattern).min(1).max(PATTERNS_PER_POLICY_MAX);

export const Selector = z.discriminatedUnion('level', [
  z.strictObject({ level: z.literal('organisation'), actions: ActionPatterns }),
  z.strictObject({ level: z.literal('process'), process: z.string().min(1), actions: ActionPatterns }),
  z.strictObject({ level: z.literal('agent'), agent: z.string().min(1), actions: ActionPatterns }),
]);
export type Selector = z.infer<typeof Selector>;

const LabelGroup = z.array(Label).min(1).max(32);

/**
 * Where narrows a ladder. Each member asks for at least something, so that raising a risk can only make it hold:
 * `effect` names a group of effects, `categories` and `regimes` ask for all they list, `audience` for at least that reach.
 */
export const Where = z
  .strictObject({
    effect: z.enum(['above_read', ...Effect.exclude(['read']).options]).optional(),
    categories: LabelGroup.optional(),
    regimes: LabelGroup.optional(),
    audience: Audience.exclude(['internal']).optional(),
  })
  .refine((where) => Object.values(where).some((member) => member !== undefined), 'an empty where is left out instead');
export type Where = z.infer<typeof Where>;

const rungs = <Value extends z.ZodType>(value: Value) =>
  z
    .strictObject({ 2: value.optional(), 3: value.optional(), 4: value.optional() })
    .refine((tiers) => Object.values(tiers).some((from) => from !== undefined), 'a ladder needs at least one tier');

const Confidence = z.number().min(0).max(1);

/** Ladder gives the value of one dimension at which tiers 2, 3 and 4 begin. Sets: any of the listed; confidence: below the value. */
export const Ladder = z.discriminatedUnion('dimension', [
  z.strictObject({ dimension: z.literal('money'), where: Where.optional(), currency: Currency, tiers: rungs(AmountText) }),
  z.strictObject({ dimension: z.literal('records'), where: Where.optional(), tiers: rungs(z.int().min(0)) }),
  z.strictObject({ dimension: z.literal('sensitivity'), where: Where.optional(), tiers: rungs(Sensitivity) }),
  z.strictObject({ dimension: z.literal('categories'), where: Where.optional(), tiers: rungs(LabelGroup) }),
  z.strictObject({ dimension: z.literal('reversibility'), where: Where.optional(), tiers: rungs(Reversibility) }),
  z.strictObject({ dimension: z.literal('regimes'), where: Where.optional(), tiers: rungs(LabelGroup) }),
  z.strictObject({ dimension: z.literal('audience'), where: Where.optional(), tiers: rungs(Audience) }),
  z.strictObject({ dimension: z.literal('confidence'), where: Where.optional(), tiers: rungs(Confidence) }),
  /** An action outside the agent's declared scope is always tier 4; the ladder is where a policy says so. */
  z.strictObject({ dimension: z.literal('scope'), tiers: z.strictObject({ 4: z.literal('always') }) }),
]);
export type Ladder = z.infer<typeof Ladder>;

/** TriggerPattern is a trigger (`schedule:nightly`) or a prefix of one (`schedule:*`). */
export const TriggerPattern = z
  .string()
  .max(200)
  .regex(/^[^*\p{C}]*\*?$/u)
  .min(1);

/** Triggers lists which triggers may start the agent; any other, and none at all, is denied or raised to a tier. */
export const Triggers = z.strictObject({
  allowed: z.array(TriggerPattern).min(1).max(TRIGGERS_PER_POLICY_MAX),
  otherwise: z.union([z.literal('deny'), z.literal([2, 3, 4])]),
});
export type Triggers = z.infer<typeof Triggers>;

const DurationSeconds = z.int().min(1).max(DURATION_SECONDS_MAX);

/** PolicyKind: a default is replaced by a more specific one, a guardrail always applies. */
export const PolicyKind = z.enum(['default', 'guardrail']);
export type PolicyKind = z.infer<typeof PolicyKind>;

export const PolicyName = z.string().trim().min(1).max(200);

/**
 * Policy is one version of a policy document. Among defaults the most specific supplies each (dimension, where); guardrails
 * always apply. `baseline` marks the policies that count as covering an action although no process or agent policy does.
 */
export const Policy = z
  .strictObject({
    id: PolicyId,
    name: PolicyName,
    version: z.int().min(1),
    kind: PolicyKind,
    baseline: z.boolean().optional(),
    selector: Selector,
    ladders: z.array(Ladder).max(LADDERS_PER_POLICY_MAX),
    triggers: Triggers.optional(),
    approval: z.strictObject({ slaSeconds: DurationSeconds }).optional(),
    reversal: z.strictObject({ windowSeconds: DurationSeconds }).optional(),
    breaker: BreakerSection.optional(),
  })
  .superRefine((policy, context) => {
    for (const part of policy.kind === 'guardrail' && policy.breaker ? neverSaid(policy.breaker) : [])
      context.addIssue({ code: 'custom', path: ['breaker', part], message: 'a guardrail only tightens: leave this out instead' });
    if (policy.baseline === true && policy.selector.level !== 'organisation')
      context.addIssue({ code: 'custom', path: ['baseline'], message: 'only an organisation policy can be the baseline' });
    const seen = new Set<string>();
    policy.ladders.forEach((ladder, index) => {
      const key = ladderKey(ladder);
      if (seen.has(key))
        context.addIssue({ code: 'custom', path: ['ladders', index], message: 'a second ladder of the same dimension and where' });
      seen.add(key);
    });
  });
export type Policy = z.infer<typeof Policy>;

/** ladderKey is what ladders compete under: the dimension and its `where`, spelled one way. */
export function ladderKey(ladder: Ladder): string {
  return `${ladder.dimension}|${whereKey('where' in ladder ? ladder.where : undefined)}`;
}

/** whereKey spells a `where` one way, whatever the order its labels were written in. */
export function whereKey(where: Where | undefined): string {
  if (where === undefined) return '';
  const labels = (group: readonly string[] | undefined) => [...new Set(group)].sort().join(',');
  return [where.effect ?? '', labels(where.categories), labels(where.regimes), where.audience ?? ''].join('|');
}

const Rate = z
  .string()
  .max(40)
  .regex(DECIMAL)
  .refine((rate) => /[1-9]/.test(rate), 'a rate is above zero')
  .refine((rate) => (rate.split('.')[1] ?? '').length <= RATE_FRACTION_DIGITS_MAX, 'too many decimals');

/** RateTable gives units of `base` per one unit of each currency, as decimal strings, as of a date. */
export const RateTable = z.strictObject({ base: Currency, asOf: z.iso.date(), rates: z.record(Currency, Rate) });
export type RateTable = z.infer<typeof RateTable>;

/**
 * RiskReading is the risk of one exact action, in plain JSON fit for a ledger row. Money is in the base currency, unrounded;
 * `of` is what the arguments said when that was another currency. Labels are sorted and unique.
 */
export const RiskReading = z.strictObject({
  effect: Effect,
  reversibility: Reversibility,
  sensitivity: Sensitivity,
  audience: Audience,
  categories: z.array(Label),
  regimes: z.array(Label),
  money: z
    .strictObject({
      amount: z.string().regex(DECIMAL),
      currency: Currency,
      of: z.strictObject({ amount: z.string().regex(DECIMAL), currency: Currency, ratesAsOf: z.iso.date() }).optional(),
    })
    .optional(),
  records: z.int().min(0).optional(),
  confidence: Confidence.optional(),
});
export type RiskReading = z.infer<typeof RiskReading>;

/** DeclaredRisk is what an agent may say of its own action (`context.risk`). It can only raise; other members are ignored. */
export const DeclaredRisk = z.object({
  money: Money.optional(),
  records: z.int().min(0).optional(),
  sensitivity: Sensitivity.optional(),
  audience: Audience.optional(),
  categories: z.array(Label).optional(),
  regimes: z.array(Label).optional(),
});
export type DeclaredRisk = z.infer<typeof DeclaredRisk>;

export const PolicyRef = z.strictObject({ id: z.string(), version: z.int() });
export type PolicyRef = z.infer<typeof PolicyRef>;

/**
 * Evaluation is the engine's answer. `tier` is null for a deny. `deciding` are the dimensions at the answer's tier (none at
 * tier 1); `reasons` are all that raised it above tier 1, the deciding ones first; `policies` are those that had a say.
 * `reversalWindowSeconds` is there only with `allow_reversible` of something that can be undone.
 */
export const Evaluation = z.strictObject({
  verdict: Verdict,
  tier: Tier.nullable(),
  deciding: z.array(Dimension),
  reasons: z.array(Reason),
  policies: z.array(PolicyRef),
  approvalSlaSeconds: z.int(),
  reversalWindowSeconds: z.int().optional(),
});
export type Evaluation = z.infer<typeof Evaluation>;
