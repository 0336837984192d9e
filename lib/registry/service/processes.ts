import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { samePerson } from '@/lib/people/domain';
import { actAs, findUser, lockActor, type Actor, type Refused, type Tx, type User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { NewProcess, ProcessChange, type Process } from '../schema';
import * as store from '../store/processes';

export type NewProcessOutcome = { ok: true; process: Process } | Refused<'NOT_ALLOWED' | 'ID_TAKEN' | 'OWNER_NOT_ALLOWED'>;

/** createProcess records a business process; its owner is an active person with the role process_owner. Throws when `input` is not a NewProcess. */
export function createProcess(actor: Actor, input: NewProcess): Promise<NewProcessOutcome> {
  const { id = newId('prc'), ...record } = NewProcess.parse(input);
  return actAs(actor, 'processes:manage', async (tx): Promise<NewProcessOutcome> => {
    if (!(await ownerOf(tx, record.ownerId))) return { ok: false, code: 'OWNER_NOT_ALLOWED' };
    const process = { id, ...record };
    if (!(await store.insertProcess(tx, process))) return { ok: false, code: 'ID_TAKEN' };
    await appendEvent(tx, { kind: 'process.created', actor, subject: { type: 'process', id }, data: { owner: record.ownerId } });
    return { ok: true, process };
  });
}

/** Whoever may own a process: active, and a process owner by role. Held until the transaction ends. */
async function ownerOf(tx: Tx, userId: string): Promise<User | undefined> {
  const owner = await lockActor(tx, userId);
  return owner?.roles.includes('process_owner') ? owner : undefined;
}

type ChangedField = 'name' | 'description' | 'owner';
export type ProcessChangeOutcome =
  | { ok: true; process: Process; changed: ChangedField[] }
  | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'OWNER_NOT_ALLOWED' | 'OWNER_IS_BUILDER'>
  | (Refused<'CHANGED_MEANWHILE'> & { process: Process });

/**
 * changeProcess gives a process its name, description and owner, if it is still as it was shown. A new owner is an active process owner who built no
 * agent of it, and becomes Accountable for all that the old one was, in the same commit (lib/wiring.ts). Throws when `input` is not a ProcessChange.
 */
export function changeProcess(actor: Actor, id: string, input: ProcessChange): Promise<ProcessChangeOutcome> {
  const { shown, ...record } = ProcessChange.parse(input);
  return actAs(actor, 'processes:manage', async (tx): Promise<ProcessChangeOutcome> => {
    const process = await store.lockProcess(tx, id);
    if (!process) return { ok: false, code: 'NOT_FOUND' };
    if (changedFields(process, shown).length > 0) return { ok: false, code: 'CHANGED_MEANWHILE', process };
    const changed = changedFields(process, record);
    if (changed.length === 0) return { ok: true, process, changed };
    if (changed.includes('owner')) {
      const owner = await ownerOf(tx, record.ownerId);
      if (!owner) return { ok: false, code: 'OWNER_NOT_ALLOWED' };
      if (await store.hasBuiltIn(tx, id, owner.personId)) return { ok: false, code: 'OWNER_IS_BUILDER' };
    }
    const data = { changed, ...(changed.includes('owner') ? { owner_before: process.ownerId, owner_after: record.ownerId } : {}) };
    await store.updateProcess(tx, { id, ...record });
    await appendEvent(tx, { kind: 'process.changed', actor, subject: { type: 'process', id }, data });
    return { ok: true, process: { id, ...record }, changed };
  });
}

function changedFields(from: Omit<Process, 'id'>, to: Omit<Process, 'id'>): ChangedField[] {
  const fields: ChangedField[] = [];
  if (from.name !== to.name) fields.push('name');
  if (from.description !== to.description) fields.push('description');
  if (from.ownerId !== to.ownerId) fields.push('owner');
  return fields;
}

/** lockProcess takes a process and its matrix for a change, until the transaction ends; undefined when there is none. */
export const lockProcess = (tx: Tx, id: string): Promise<Process | undefined> => store.lockProcess(tx, id);

/** ownsProcess tells whether a person (any of their accounts) is accountable for a process. */
export async function ownsProcess(tx: Tx, person: { id: string; personId: string }, processId: string): Promise<boolean> {
  const process = await store.findProcess(tx, processId);
  if (!process) return false;
  if (process.ownerId === person.id) return true;
  const owner = await findUser(process.ownerId, tx);
  return owner !== undefined && samePerson(owner, person);
}

/** findProcess answers one business process, or undefined; inside a transaction when one is given. */
export const findProcess = (id: string, tx?: Tx): Promise<Process | undefined> => store.findProcess(tx ?? prisma(), id);
/** listProcesses answers every business process in id order. */
export const listProcesses = (): Promise<Process[]> => store.listProcesses(prisma());
