import { z } from 'zod';
import type { ProblemCode } from '@/lib/kernel/problem';
import { ActionSlug, DISABLE_REASON_LENGTH_MAX, NewActionType, SeenActionType, SystemText, type ActionType } from '@/lib/registry/schema';
import { Refused } from './answers';

/** A body that carries a parameter schema at its largest, with the record around it. */
export const actionTypeBodyBytesMax = 96 * 1024;

export const ActionParams = z.object({ name: ActionSlug });
export const SystemParams = z.object({ id: z.string().max(80) });

/** ActionTypeBody is the whole of a record, and the state it was filled in from. */
export const ActionTypeBody = z.strictObject({ record: NewActionType, seen: SeenActionType });
/** NewActionTypeBody says itself that there was none of this name. */
export const NewActionTypeBody = ActionTypeBody.extend({ seen: z.null() });
export const DisableBody = z.strictObject({
  seen: SeenActionType.unwrap(),
  reason: z
    .string()
    .trim()
    .max(DISABLE_REASON_LENGTH_MAX)
    .regex(/^[^\p{Cs}\p{Co}\0]*$/u)
    .optional(),
});
export const SystemBody = SystemText.extend({ seen: SystemText });

export const ActionTypeAnswer = z.object({ name: z.string(), status: z.string(), version: z.int() });
type ActionTypeAnswer = z.infer<typeof ActionTypeAnswer>;
export const DisabledAnswer = z.object({ name: z.string(), status: z.literal('disabled') });
type DisabledAnswer = z.infer<typeof DisabledAnswer>;

type Refusal = { ok: false; code: keyof typeof refusals; gaps?: readonly Gap[] };
type Gap = { code: string; text: string };

/** One table from what the registry refuses to its problem: what happened, what was kept, what to do. */
const refusals = {
  NOT_ALLOWED: ['FORBIDDEN', 'You may no longer change the registry. Nothing was changed.'],
  NOT_FOUND: ['NOT_FOUND', 'There is nothing here that you may see.'],
  SYSTEM_UNKNOWN: ['UNPROCESSABLE', 'There is no such system. Choose another, or add it first. Nothing was changed.'],
  SYSTEM_STOPPED: ['CONFLICT', 'Its system is stopped, so it stays there until the stop is lifted. Nothing was changed.'],
  NAME_TAKEN: [
    'CONFLICT',
    'An action type of this name is recorded already. Open it to change it, or choose another name. Nothing was changed.',
  ],
  CHANGED_MEANWHILE: [
    'CONFLICT',
    'Somebody changed this while you were writing. Nothing of yours was saved. See what is different now, then save again.',
  ],
  ALREADY_DISABLED: ['CONFLICT', 'This action type was disabled already. Nothing was changed.'],
  ID_TAKEN: ['CONFLICT', 'A system with this id is recorded already. Nothing was changed.'],
  GAPS: ['GAPS', 'Something is missing before this can be saved. Nothing was changed.'],
} as const satisfies Record<string, readonly [ProblemCode, string]>;

/** Which member of the record a gap is about. */
const gapPointers: Record<string, string> = {
  PARAMETERS_INVALID: '/record/parameters',
  CLASSIFICATION_MISSING: '/record/classification',
  COMPENSATION_MISSING: '/record/classification/compensation',
  COMPENSATION_NOT_POSSIBLE: '/record/classification/compensation',
  REVERSAL_NOT_POSSIBLE: '/record/classification/reversal',
};

const pointers: Partial<Record<keyof typeof refusals, string>> = {
  SYSTEM_UNKNOWN: '/record/system',
  SYSTEM_STOPPED: '/record/system',
  NAME_TAKEN: '/record/name',
};

function refused({ code, gaps }: Refusal): Refused {
  const [problem, sentence] = refusals[code];
  if (gaps)
    return new Refused(
      problem,
      gaps.map(({ text }) => text).join(' '),
      gaps.map((gap) => ({ pointer: gapPointers[gap.code] ?? '/record', detail: gap.text })),
    );
  const pointer = pointers[code];
  return pointer === undefined ? new Refused(problem, sentence) : new Refused(problem, sentence, [{ pointer, detail: sentence }]);
}

/** recordedAnswer turns what became of a record into the answer. */
export const recordedAnswer = (outcome: { ok: true; actionType: ActionType } | Refusal): ActionTypeAnswer | Refused =>
  outcome.ok ? { name: outcome.actionType.name, status: outcome.actionType.status, version: outcome.actionType.version } : refused(outcome);

/** disabledAnswer turns what became of a disabling into the answer. */
export const disabledAnswer = (name: string, outcome: { ok: true } | Refusal): DisabledAnswer | Refused =>
  outcome.ok ? { name, status: 'disabled' } : refused(outcome);

/** systemAnswer turns what became of a system into the answer. */
export const systemAnswer = <System>(outcome: { ok: true; system: System } | Refusal): System | Refused =>
  outcome.ok ? outcome.system : refused(outcome);

/** otherName refuses a record that names another action type than its address. */
export const otherName = (): Refused =>
  new Refused('UNPROCESSABLE', 'The name of an action type cannot be changed. Record another one instead. Nothing was changed.', [
    { pointer: '/record/name', detail: 'The name cannot be changed.' },
  ]);

/** previewed answers a preview, or why there is none. */
export const previewed = <Preview>(preview: Preview | undefined): Preview | Refused =>
  preview ?? new Refused('GAPS', 'There is no table of exchange rates in force yet, so nothing can be read. Publish one first.');
