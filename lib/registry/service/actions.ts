import { canonicalJson } from '@/lib/kernel/canonical';
import { formatDigest, sha256 } from '@/lib/kernel/hash';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, type Actor, type Refused } from '@/lib/people/service';
import type { Prisma } from '@/lib/platform/db/generated/client';
import { prisma } from '@/lib/platform/db/prisma';
import { classificationGaps, parameterGaps, type Gap } from '../domain/classification';
import { changedParts, statusOfProposal } from '../domain/classification-changes';
import { nextSchemaVersion } from '../domain/lifecycle';
import { ActionType, NewActionType, type RecordedActionType, type SeenActionType } from '../schema';
import * as store from '../store/actions';
import { isStopped } from '../store/stops';
import { findSystem } from '../store/systems';

type Tx = Prisma.TransactionClient;

/** ActionTypeRefusal is why an action type was not recorded. CHANGED_MEANWHILE answers what stands there now. */
export type ActionTypeRefusal =
  | Refused<'SYSTEM_UNKNOWN' | 'SYSTEM_STOPPED' | 'NAME_TAKEN' | 'NOT_FOUND'>
  | (Refused<'CHANGED_MEANWHILE'> & { recorded?: RecordedActionType })
  | (Refused<'GAPS'> & { gaps: Gap[] });
export type ActionTypeOutcome = { ok: true; actionType: ActionType } | Refused<'NOT_ALLOWED'> | ActionTypeRefusal;

/**
 * proposeActionType records what an operation is called, what it takes and how its risk might be read, without approving it: a new type is unset, so
 * out of everybody's scope, and so is a known one whose schema or classification this changes. With `seen`, only from that state (null: only when
 * there is none). Throws when `input` is not a NewActionType.
 */
export function proposeActionType(actor: Actor, input: NewActionType, seen?: SeenActionType): Promise<ActionTypeOutcome> {
  return record(actor, input, seen, (wanted, recorded) => ({ status: statusOfProposal(recorded, wanted), gaps: parameterGaps(wanted) }));
}

/**
 * classifyActionType records one operation of a system and how its risk is read, as approved; with a null classification it is recorded as
 * unset, so out of everybody's scope. A changed parameter schema gets the next version. GAPS says what keeps it from being approved. With `seen`,
 * only from that state (null: only when there is none). Throws when `input` is not a NewActionType.
 */
export function classifyActionType(actor: Actor, input: NewActionType, seen?: SeenActionType): Promise<ActionTypeOutcome> {
  return record(actor, input, seen, (wanted) =>
    wanted.classification === null ? { status: 'unset', gaps: [] } : { status: 'approved', gaps: classificationGaps(wanted) },
  );
}

type Wanted = ReturnType<typeof NewActionType.parse>;
type Judge = (wanted: Wanted, recorded: ActionType | undefined) => { status: ActionType['status']; gaps: Gap[] };

function record(actor: Actor, input: NewActionType, seen: SeenActionType | undefined, judge: Judge): Promise<ActionTypeOutcome> {
  const wanted = NewActionType.parse(input);
  return actAs(actor, 'actions:classify', async (tx): Promise<ActionTypeOutcome> => {
    if (!(await findSystem(tx, wanted.system))) return { ok: false, code: 'SYSTEM_UNKNOWN' };
    const recorded = await store.lockActionType(tx, wanted.name);
    const stale = staleness(recorded, seen);
    if (stale) return stale;
    // On another system it would go on, and nobody had lifted the stop.
    if (recorded && recorded.type.system !== wanted.system && (await isStopped(tx, 'system', recorded.type.system)))
      return { ok: false, code: 'SYSTEM_STOPPED' };
    const { status, gaps } = judge(wanted, recorded?.type);
    if (gaps.length > 0) return { ok: false, code: 'GAPS', gaps };
    const actionType = ActionType.parse({ ...wanted, status, version: nextSchemaVersion(recorded?.type, wanted.parameters) });
    if (recorded) await store.updateActionType(tx, actionType);
    else if (!(await store.insertActionType(tx, actionType)))
      return { ok: false, code: seen === null ? 'NAME_TAKEN' : 'CHANGED_MEANWHILE' };
    await appendClassified(tx, actor, actionType, recorded?.type);
    return { ok: true, actionType };
  });
}

/** staleness refuses a change that was made up from another state than the recorded one; nothing when no state was named. */
function staleness(recorded: RecordedActionType | undefined, seen: SeenActionType | undefined): ActionTypeRefusal | undefined {
  if (seen === undefined) return undefined;
  if (seen === null) return recorded ? { ok: false, code: 'NAME_TAKEN' } : undefined;
  if (!recorded) return { ok: false, code: 'NOT_FOUND' };
  const same = seen.version === recorded.type.version && Date.parse(seen.changedAt) === recorded.changedAt.getTime();
  return same ? undefined : { ok: false, code: 'CHANGED_MEANWHILE', recorded };
}

async function appendClassified(tx: Tx, actor: Actor, actionType: ActionType, before: ActionType | undefined): Promise<void> {
  const { parameters, classification, sentence, version, system, status } = actionType;
  const document = formatDigest(sha256(canonicalJson({ parameters, classification, sentence })));
  const changed = before === undefined ? {} : { changed: changedParts(before, actionType) };
  await appendEvent(tx, {
    kind: 'action_type.classified',
    actor,
    subject: { type: 'action_type', id: actionType.name },
    data: { status, schema_version: version, system, document, ...changed },
  });
}

export type DisableOutcome =
  | { ok: true }
  | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'ALREADY_DISABLED'>
  | (Refused<'CHANGED_MEANWHILE'> & { recorded?: RecordedActionType });

/** disableActionType puts an action type out of everybody's scope until it is classified again; `reason` is kept with the event, sealed. */
export function disableActionType(actor: Actor, name: string, reason?: string, seen?: SeenActionType): Promise<DisableOutcome> {
  return actAs(actor, 'actions:classify', async (tx): Promise<DisableOutcome> => {
    const recorded = await store.lockActionType(tx, name);
    if (!recorded) return { ok: false, code: 'NOT_FOUND' };
    if (recorded.type.status === 'disabled') return { ok: false, code: 'ALREADY_DISABLED' };
    const stale = staleness(recorded, seen ?? undefined);
    if (stale?.code === 'CHANGED_MEANWHILE') return stale;
    await store.updateActionType(tx, { ...recorded.type, status: 'disabled' });
    await appendEvent(tx, {
      kind: 'action_type.disabled',
      actor,
      subject: { type: 'action_type', id: name },
      data: { schema_version: recorded.type.version },
      ...(reason === undefined || reason === '' ? {} : { sealed: { text: reason } }),
    });
    return { ok: true };
  });
}

/** findActionType answers one operation and its classification, or undefined. */
export const findActionType = async (name: string): Promise<ActionType | undefined> => (await store.findActionType(prisma(), name))?.type;
/** findRecordedActionType is findActionType with when it was last changed. */
export const findRecordedActionType = (name: string): Promise<RecordedActionType | undefined> => store.findActionType(prisma(), name);
/** listActionTypes answers every operation in name order. */
export const listActionTypes = (): Promise<ActionType[]> => store.listActionTypes(prisma());
