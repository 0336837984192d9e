import { lockActor, type Tx } from '@/lib/people/service';
import { findProcess } from '../../store/processes';
import { findActionStatuses } from '../../store/actions';
import type { AgentFields, RecordRefusal } from '../../schema';

/**
 * whyNotRecord says what a record names that is not there, or may not be named: the process, people who are active, an owner who did not write it,
 * action types. The people named stay active until the transaction ends. What was there `before` and stays is not asked again, but for the owner.
 */
export async function whyNotRecord(
  tx: Tx,
  fields: Omit<AgentFields, 'record'>,
  editors: readonly string[],
  before?: Pick<AgentFields, 'sponsorId' | 'technicalOwnerId' | 'successorIds' | 'permissions' | 'ownerId'>,
): Promise<RecordRefusal | undefined> {
  if (!(await findProcess(tx, fields.processId))) return 'PROCESS_UNKNOWN';
  if (fields.ownerId !== before?.ownerId) {
    const owner = await lockActor(tx, fields.ownerId);
    if (!owner) return 'OWNER_NOT_ALLOWED';
    if (editors.includes(owner.personId)) return 'OWNER_IS_BUILDER';
  }
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
