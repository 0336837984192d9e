import { canonicalJson } from '@/lib/kernel/canonical';
import { formatDigest, sha256 } from '@/lib/kernel/hash';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, type Actor, type Refused } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { classificationGaps, type Gap } from '../domain/classification';
import { nextSchemaVersion } from '../domain/lifecycle';
import { ActionType, NewActionType } from '../schema';
import * as store from '../store/actions';
import { findSystem } from '../store/systems';

export type ClassifyOutcome =
  | { ok: true; actionType: ActionType }
  | Refused<'NOT_ALLOWED' | 'SYSTEM_UNKNOWN' | 'CHANGED_MEANWHILE'>
  | (Refused<'GAPS'> & { gaps: Gap[] });

/**
 * classifyActionType records one operation of a system and how its risk is read, as approved; with a null classification it is recorded as
 * unset, so out of everybody's scope. A changed parameter schema gets the next version. GAPS says what keeps it from being approved. Throws when
 * `input` is not a NewActionType.
 */
export function classifyActionType(actor: Actor, input: NewActionType): Promise<ClassifyOutcome> {
  const wanted = NewActionType.parse(input);
  return actAs(actor, 'actions:classify', async (tx): Promise<ClassifyOutcome> => {
    if (!(await findSystem(tx, wanted.system))) return { ok: false, code: 'SYSTEM_UNKNOWN' };
    const recorded = await store.lockActionType(tx, wanted.name);
    const status = wanted.classification === null ? 'unset' : 'approved';
    const actionType = ActionType.parse({ ...wanted, status, version: nextSchemaVersion(recorded, wanted.parameters) });
    const gaps = status === 'approved' ? classificationGaps(actionType) : [];
    if (gaps.length > 0) return { ok: false, code: 'GAPS', gaps };
    if (recorded) await store.updateActionType(tx, actionType);
    else if (!(await store.insertActionType(tx, actionType))) return { ok: false, code: 'CHANGED_MEANWHILE' };
    const { parameters, classification, sentence, version, system } = actionType;
    const document = formatDigest(sha256(canonicalJson({ parameters, classification, sentence })));
    const data = { status, schema_version: version, system, document };
    await appendEvent(tx, { kind: 'action_type.classified', actor, subject: { type: 'action_type', id: actionType.name }, data });
    return { ok: true, actionType };
  });
}

/** disableActionType puts an action type out of everybody's scope until it is classified again. */
export function disableActionType(
  actor: Actor,
  name: string,
): Promise<{ ok: true } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'ALREADY_DISABLED'>> {
  return actAs(actor, 'actions:classify', async (tx): Promise<{ ok: true } | Refused<'NOT_FOUND' | 'ALREADY_DISABLED'>> => {
    const recorded = await store.lockActionType(tx, name);
    if (!recorded) return { ok: false, code: 'NOT_FOUND' };
    if (recorded.status === 'disabled') return { ok: false, code: 'ALREADY_DISABLED' };
    await store.updateActionType(tx, { ...recorded, status: 'disabled' });
    await appendEvent(tx, {
      kind: 'action_type.disabled',
      actor,
      subject: { type: 'action_type', id: name },
      data: { schema_version: recorded.version },
    });
    return { ok: true };
  });
}

/** findActionType answers one operation and its classification, or undefined. */
export const findActionType = (name: string): Promise<ActionType | undefined> => store.findActionType(prisma(), name);
/** listActionTypes answers every operation in name order. */
export const listActionTypes = (): Promise<ActionType[]> => store.listActionTypes(prisma());
