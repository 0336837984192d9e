import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { samePerson } from '@/lib/people/domain';
import { actAs, findUser, lockActor, type Actor, type Refused, type Tx } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { NewProcess, type Process } from '../schema';
import * as store from '../store/processes';

export type NewProcessOutcome = { ok: true; process: Process } | Refused<'NOT_ALLOWED' | 'ID_TAKEN' | 'OWNER_NOT_ALLOWED'>;

/** createProcess records a business process; its owner is an active person with the role process_owner. Throws when `input` is not a NewProcess. */
export function createProcess(actor: Actor, input: NewProcess): Promise<NewProcessOutcome> {
  const { id = newId('prc'), name, ownerId } = NewProcess.parse(input);
  return actAs(actor, 'processes:manage', async (tx): Promise<NewProcessOutcome> => {
    const owner = await lockActor(tx, ownerId);
    if (!owner?.roles.includes('process_owner')) return { ok: false, code: 'OWNER_NOT_ALLOWED' };
    if (!(await store.insertProcess(tx, { id, name, ownerId }))) return { ok: false, code: 'ID_TAKEN' };
    await appendEvent(tx, { kind: 'process.created', actor, subject: { type: 'process', id }, data: { owner: ownerId } });
    return { ok: true, process: { id, name, ownerId } };
  });
}

/** ownsProcess tells whether a person (any of their accounts) is accountable for a process. */
export async function ownsProcess(tx: Tx, person: { id: string; personId: string }, processId: string): Promise<boolean> {
  const process = await store.findProcess(tx, processId);
  if (!process) return false;
  if (process.ownerId === person.id) return true;
  const owner = await findUser(process.ownerId, tx);
  return owner !== undefined && samePerson(owner, person);
}

/** findProcess answers one business process, or undefined. */
export const findProcess = (id: string): Promise<Process | undefined> => store.findProcess(prisma(), id);
/** listProcesses answers every business process in id order. */
export const listProcesses = (): Promise<Process[]> => store.listProcesses(prisma());
