import { z } from 'zod';

/** Days an orphan may stand before its agent is suspended, unless the organisation says otherwise (settings.graceDays). */
export const graceDaysDefault = 7;
/** Longest grace that a setting can give. */
export const graceDaysMax = 90;
/** Lines on one page of successions. */
export const successionsPageMax = 50;
/** Things a person holds that are listed at once; what remains follows once these are given away. */
export const heldPageMax = 200;
/** Most things one request gives to somebody else. */
export const reassignItemsMax = heldPageMax;
/** Most things that are named in one group of what a departure does; the rest is counted. */
export const plannedNamedMax = 12;
export const reassignReasonMax = 2_000;

/** Part is what somebody is of an agent or a process; `accountable`: of stages of a process that another person owns. */
export const parts = ['owner', 'sponsor', 'technical_owner', 'accountable'] as const;
export const Part = z.enum(parts);
export type Part = z.infer<typeof Part>;

/** How whoever holds it now came to it. */
export const successionWays = ['same_person', 'successor', 'manager', 'process_owner', 'accountable', 'reassigned', 'orphaned'] as const;
export const SuccessionWay = z.enum(successionWays);
export type SuccessionWay = z.infer<typeof SuccessionWay>;

export const SuccessionEnd = z.enum(['undone', 'settled', 'suspended']);
export type SuccessionEnd = z.infer<typeof SuccessionEnd>;

export const HeldType = z.enum(['agent', 'process']);
export type HeldType = z.infer<typeof HeldType>;

/** MovedCell is one cell of a matrix that followed its process's owner. */
export const MovedCell = z.object({ stage: z.string(), agentId: z.string().nullable() });
export type MovedCell = z.infer<typeof MovedCell>;

export const SuccessionId = z.string().regex(/^suc_[0-9a-z]{1,26}$/);
const AccountId = z.string().regex(/^usr_[0-9a-z_]{1,60}$/);

/** HeldRef names one part of one thing, as it was shown: `from` is who held it then. */
export const HeldRef = z.strictObject({
  type: HeldType,
  id: z.string().regex(/^(agt|prc)_[0-9a-z_]{1,60}$/),
  part: Part.exclude(['accountable']),
  from: AccountId,
});
export type HeldRef = z.infer<typeof HeldRef>;

/** Reassignment gives things to one person, with a reason that is kept encrypted beside the ledger. */
export const Reassignment = z.strictObject({
  items: z.array(HeldRef).min(1, 'Choose at least one.').max(reassignItemsMax),
  to: z.string('Choose a person.').min(1, 'Choose a person.').pipe(AccountId),
  reason: z
    .string()
    .trim()
    .min(1, 'Say why.')
    .max(reassignReasonMax)
    .regex(/^[^\p{Cs}\p{Co}\0]*$/u),
});
export type Reassignment = z.infer<typeof Reassignment>;

/** Why one thing is not given to somebody, or not given back. */
export const handOverRefusals = [
  'NOT_ALLOWED',
  'NOT_FOUND',
  'WRONG_STATE',
  'CHANGED_MEANWHILE',
  'ALREADY_THEIRS',
  'OWN_AGENT',
  'NOT_ACTIVE',
  'IS_BUILDER',
  'NOT_PROCESS_OWNER',
] as const;
export const HandOverRefusal = z.enum(handOverRefusals);
export type HandOverRefusal = z.infer<typeof HandOverRefusal>;

/** Why a succession is not undone. */
export type UndoRefusal = HandOverRefusal | 'ALREADY_ENDED' | 'NOBODY_TOOK_IT' | 'HOLDER_GONE' | 'MOVED_ON';

/** ReassignResult is what became of one thing of a request; the others stand by themselves. */
export const ReassignResult = HeldRef.extend({ refusal: HandOverRefusal.nullable() });
export type ReassignResult = z.infer<typeof ReassignResult>;

const Named = z.object({ id: z.string(), name: z.string() });
const Person = Named.extend({ active: z.boolean() });
const At = z.iso.datetime();

/** SuccessionItem is one thing that changed hands, or found nobody. */
export const SuccessionItem = z.object({
  id: z.string(),
  at: At,
  type: HeldType,
  subject: Named,
  part: Part,
  from: Person,
  to: Person.nullable(),
  how: SuccessionWay,
  /** Until when somebody has to be named; null where nothing happens by itself. */
  graceUntil: At.nullable(),
  /** Whether the agent acts now, so that the end of the grace suspends it. */
  acting: z.boolean(),
  endedAt: At.nullable(),
  endedAs: SuccessionEnd.nullable(),
  /** Whether it could be given back now. */
  undoable: z.boolean(),
});
export type SuccessionItem = z.infer<typeof SuccessionItem>;

export const SuccessionList = z.enum(['orphans', 'moved']);
export type SuccessionList = z.infer<typeof SuccessionList>;
/** SuccessionQuery is a list and where to go on: `before` is the id of the last line of the page before. */
export const SuccessionQuery = z.object({ list: SuccessionList.default('orphans'), before: SuccessionId.optional() });
export type SuccessionQuery = z.infer<typeof SuccessionQuery>;
export const SuccessionPage = z.object({ items: z.array(SuccessionItem), next: z.string().nullable(), total: z.int() });
export type SuccessionPage = z.infer<typeof SuccessionPage>;

/** Held is one part of one thing that a person holds. */
export const Held = z.object({ type: HeldType, id: z.string(), name: z.string(), part: Part.exclude(['accountable']), status: z.string() });
export type Held = z.infer<typeof Held>;
export const HeldPage = z.object({ person: Person, items: z.array(Held), total: z.int() });
export type HeldPage = z.infer<typeof HeldPage>;

/** PlannedMove is one group of what a departure moves, or leaves with nobody: to whom and why, how many, and the first of them by name. */
export const PlannedMove = z.object({
  type: HeldType,
  part: Part,
  how: SuccessionWay.exclude(['reassigned']),
  to: Named.nullable(),
  count: z.int(),
  named: z.array(Named),
});
export type PlannedMove = z.infer<typeof PlannedMove>;
/** DeparturePlan is what will become of what a person holds when their account is deactivated, before it is. */
export const DeparturePlan = z.object({ moves: z.array(PlannedMove), graceDays: z.int() });
export type DeparturePlan = z.infer<typeof DeparturePlan>;
