import { z } from 'zod';
import { recordId, TITLE_LENGTH_MAX } from './records';
import { CURRENCY, AMOUNT_FRACTION_DIGITS_MAX, AMOUNT_INTEGER_DIGITS_MAX } from '@/lib/kernel/money';

export const POINTER_LENGTH_MAX = 256;
export const SET_SIZE_MAX = 32;
export const SENTENCE_LENGTH_MAX = 200;
export const REVERSAL_WINDOW_SECONDS_MAX = 90 * 24 * 3600;

export const EFFECTS = ['read', 'write', 'delete', 'send', 'execute'] as const;
export const Effect = z.enum(EFFECTS);
export type Effect = z.infer<typeof Effect>;

/** SENSITIVITIES, REVERSIBILITIES and AUDIENCES are in order of risk: a later value is never judged more mildly. */
export const SENSITIVITIES = ['public', 'internal', 'confidential', 'restricted'] as const;
export const Sensitivity = z.enum(SENSITIVITIES);
export type Sensitivity = z.infer<typeof Sensitivity>;

export const REVERSIBILITIES = ['reversible', 'compensable', 'irreversible'] as const;
export const Reversibility = z.enum(REVERSIBILITIES);
export type Reversibility = z.infer<typeof Reversibility>;

export const AUDIENCES = ['internal', 'external', 'public'] as const;
export const Audience = z.enum(AUDIENCES);
export type Audience = z.infer<typeof Audience>;

/** LABEL is one data category or regime: `pii`, `eu-ai-act-high-risk`. The lists are open; the spelling is not. */
export const LABEL = /^[a-z][a-z0-9-]{0,63}$/;
export const Label = z.string().regex(LABEL);
export const Labels = z.array(Label).max(SET_SIZE_MAX);

/** ActionName is dotted (`payments.schedule`); each segment keeps the spelling of the tool it names. */
export const ActionName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_:/-]+(\.[A-Za-z0-9_:/-]+)*$/);
export type ActionName = z.infer<typeof ActionName>;

/** AmountText is a non-negative decimal string: at most 18 digits before the point and 8 after. */
export const AmountText = z
  .string()
  .regex(new RegExp(`^(0|[1-9][0-9]{0,${AMOUNT_INTEGER_DIGITS_MAX - 1}})(\\.[0-9]{1,${AMOUNT_FRACTION_DIGITS_MAX}})?$`));

export const Currency = z.string().regex(CURRENCY);

export const Money = z.strictObject({ amount: AmountText, currency: Currency });
export type Money = z.infer<typeof Money>;

/** Pointer is a non-empty JSON Pointer (RFC 6901) into the arguments, or, prefixed, into the resource or action: `resource:/id`. */
export const Pointer = z
  .string()
  .max(POINTER_LENGTH_MAX)
  .regex(/^(resource:|action:)?(\/([^~/]|~[01])*)+$/);
export type Pointer = z.infer<typeof Pointer>;

// EachPointer is a Pointer in which a segment `*` stands for every element of an array, as in `/payments/*/amount`.
const EachPointer = Pointer.refine((pointer) => pointer.split('/').includes('*'), 'needs a * segment');

const RecordCount = z.int().min(0);

const CurrencyFrom = z.union([z.strictObject({ constant: Currency }), z.strictObject({ pointer: Pointer })]);

/** MoneyFrom says how much money the action moves. `declared` and `constant` are floors; what the agent declares can only raise. */
export const MoneyFrom = z.union([
  z.strictObject({ constant: Money }),
  z.strictObject({ declared: Money }),
  z.strictObject({ pointer: Pointer, currency: CurrencyFrom }),
  z.strictObject({ sum: EachPointer, currency: CurrencyFrom }),
]);
export type MoneyFrom = z.infer<typeof MoneyFrom>;

/** RecordsFrom says how many records the action touches; `count` is the length of the array at the pointer. */
export const RecordsFrom = z.union([
  z.strictObject({ constant: RecordCount }),
  z.strictObject({ declared: RecordCount }),
  z.strictObject({ pointer: Pointer }),
  z.strictObject({ sum: EachPointer }),
  z.strictObject({ count: Pointer }),
]);
export type RecordsFrom = z.infer<typeof RecordsFrom>;

const from = <Value extends z.ZodType>(value: Value) =>
  z.union([z.strictObject({ constant: value }), z.strictObject({ declared: value }), z.strictObject({ pointer: Pointer })]);

export const SensitivityFrom = from(Sensitivity);
export type SensitivityFrom = z.infer<typeof SensitivityFrom>;
export const AudienceFrom = from(Audience);
export type AudienceFrom = z.infer<typeof AudienceFrom>;
export const LabelsFrom = from(Labels);
export type LabelsFrom = z.infer<typeof LabelsFrom>;

/** Compensation names the action type that undoes this one. */
export const Compensation = z.strictObject({ action: ActionName });
export type Compensation = z.infer<typeof Compensation>;

/** Reversal is how long the world lets the action be undone: `windowSeconds` from the decision; `until` names what ends it. */
export const Reversal = z.strictObject({
  windowSeconds: z.int().min(1).max(REVERSAL_WINDOW_SECONDS_MAX),
  until: z.enum(['settlement', 'posting']).optional(),
});
export type Reversal = z.infer<typeof Reversal>;

/**
 * Classification is how a person who is not the agent says each risk dimension is read from the exact arguments.
 * Money and records may be left out (the action moves none); categories and regimes default to none by an explicit empty constant.
 */
export const Classification = z.strictObject({
  effect: Effect,
  reversibility: Reversibility,
  sensitivity: SensitivityFrom,
  audience: AudienceFrom,
  money: MoneyFrom.optional(),
  records: RecordsFrom.optional(),
  categories: LabelsFrom.optional(),
  regimes: LabelsFrom.optional(),
  counterparty: Pointer.optional(),
  compensation: Compensation.optional(),
  reversal: Reversal.optional(),
});
export type Classification = z.infer<typeof Classification>;

export const ClassificationStatus = z.enum(['unset', 'approved', 'disabled']);
export type ClassificationStatus = z.infer<typeof ClassificationStatus>;

/** ActionType is one operation of a system. `title` is a plural noun phrase ("Vendor payments"): sentences shown to people begin with it. */
export const ActionType = z.strictObject({
  name: ActionName,
  title: z
    .string()
    .trim()
    .min(1)
    .max(TITLE_LENGTH_MAX)
    .regex(/^[^\p{C}]+$/u),
  system: z.string().min(1).max(120),
  version: z.int().min(1),
  status: ClassificationStatus,
  /** What one such action does, for people: `Pay {amount} {currency} to {vendor}`; braces name top-level arguments. Never part of a decision. */
  sentence: z
    .string()
    .trim()
    .min(1)
    .max(SENTENCE_LENGTH_MAX)
    .regex(/^[^\p{C}]+$/u)
    .optional(),
  /** JSON Schema draft 2020-12 of the arguments. */
  parameters: z.record(z.string(), z.unknown()),
  classification: Classification.nullable(),
});
export type ActionType = z.infer<typeof ActionType>;

/** NewActionType is what classifying takes: the type without its version, which follows from what is recorded. A null classification leaves it unset. */
export const NewActionType = ActionType.omit({ version: true, status: true }).extend({ system: recordId('sys') });
export type NewActionType = z.input<typeof NewActionType>;

/** RecordedActionType is a type as it stands, with when it was last changed: what a form is filled in from. */
export type RecordedActionType = { type: ActionType; changedAt: Date };

/** SeenActionType is the state a form was filled in from; null: there was no such type yet. A change from another state is refused. */
export const SeenActionType = z.strictObject({ version: z.int().min(1), changedAt: z.iso.datetime() }).nullable();
export type SeenActionType = z.infer<typeof SeenActionType>;

/** DISABLE_REASON_LENGTH_MAX bounds what a person says when they take an action type out of use. */
export const DISABLE_REASON_LENGTH_MAX = 2_000;

const SLUGS = { ':': '~c', '/': '~s' } as const;
const RESERVED: ReadonlySet<string> = new Set(['new', 'preview']);

/** actionSlug writes a name as one segment of an address: nothing in it is escaped by a browser or taken apart by a proxy. */
export function actionSlug(name: string): string {
  const slug = name.replaceAll(/[:/]/g, (character) => (character === ':' ? SLUGS[':'] : SLUGS['/']));
  return RESERVED.has(slug) ? `~n${slug}` : slug;
}

/** ActionSlug reads what actionSlug wrote, and nothing else. */
export const ActionSlug = z
  .string()
  .max(400)
  .transform((slug) => slug.replace(/^~n/, '').replaceAll('~c', ':').replaceAll('~s', '/'))
  .pipe(ActionName);
