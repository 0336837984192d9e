import { findUser, lockActor, type Tx } from '@/lib/people/service';
import { findProcess } from '../../store/processes';
import { findActionStatuses } from '../../store/actions';
import { isStopped } from '../../store/stops';
import { hasBuilt } from '../../domain/lifecycle';
import type { Agent, AgentFields, RecordRefusal } from '../../schema';

/**
 * whyNotRecord says what a record names that is not there, or may not be named: the process, people who are active, an owner who did not write it,
 * action types. The people named stay active until the transaction ends. What was there `before` and stays is not asked again, but that its owner is none
 * of the `editors` that come with this change.
 */
export async function whyNotRecord(
  tx: Tx,
  fields: Omit<AgentFields, 'record'>,
  editors: readonly string[],
  before?: Pick<Agent, 'processId' | 'sponsorId' | 'technicalOwnerId' | 'successorIds' | 'permissions' | 'ownerId' | 'editors'>,
): Promise<RecordRefusal | undefined> {
  if (!(await findProcess(tx, fields.processId))) return 'PROCESS_UNKNOWN';
  // Elsewhere it would go on, and nobody had lifted the stop.
  if (before && before.processId !== fields.processId && (await isStopped(tx, 'process', before.processId))) return 'PROCESS_STOPPED';
  const owner = await whyNotOwner(tx, fields.ownerId, editors, before);
  if (owner) return owner;
  const gone = async (id: string | null, kept: string | null | undefined): Promise<boolean> =>
    id !== null && id !== kept && (await lockActor(tx, id)) === undefined;
  if (await gone(fields.sponsorId, before?.sponsorId)) return 'SPONSOR_UNKNOWN';
  if (await gone(fields.technicalOwnerId, before?.technicalOwnerId)) return 'TECHNICAL_OWNER_UNKNOWN';
  for (const id of fields.successorIds)
    if (
      await gone(
        id,
        before?.successorIds.find((kept) => kept === id),
      )
    )
      return 'SUCCESSOR_UNKNOWN';
  const fresh = fields.permissions.filter((name) => !(before?.permissions.includes(name) ?? false));
  const known = await findActionStatuses(tx, fresh);
  return fresh.every((name) => known.has(name)) ? undefined : 'ACTION_UNKNOWN';
}

/** Who answers for an agent is here and did not build it; whoever answers for it does not begin to build it either. */
async function whyNotOwner(
  tx: Tx,
  ownerId: string,
  editors: readonly string[],
  before?: Pick<Agent, 'ownerId' | 'editors'>,
): Promise<RecordRefusal | undefined> {
  const stays = before?.ownerId === ownerId;
  const owner = stays ? await findUser(ownerId, tx) : await lockActor(tx, ownerId);
  if (!owner) return 'OWNER_NOT_ALLOWED';
  const fresh = stays ? editors.filter((one) => !before.editors.includes(one)) : editors;
  return hasBuilt(owner, { editors: fresh }) ? 'OWNER_IS_BUILDER' : undefined;
}
