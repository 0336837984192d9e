import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, type Actor, type Refused } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { NewSystem, type System } from '../schema';
import * as store from '../store/systems';

/** createSystem records something agents act on; throws when `input` is not a NewSystem. */
export function createSystem(actor: Actor, input: NewSystem): Promise<{ ok: true; system: System } | Refused<'NOT_ALLOWED' | 'ID_TAKEN'>> {
  const { id = newId('sys'), name } = NewSystem.parse(input);
  return actAs(actor, 'systems:manage', async (tx): Promise<{ ok: true; system: System } | Refused<'ID_TAKEN'>> => {
    if (!(await store.insertSystem(tx, { id, name }))) return { ok: false, code: 'ID_TAKEN' };
    await appendEvent(tx, { kind: 'system.created', actor, subject: { type: 'system', id }, data: {} });
    return { ok: true, system: { id, name } };
  });
}

/** findSystem answers one system, or undefined. */
export const findSystem = (id: string): Promise<System | undefined> => store.findSystem(prisma(), id);
/** listSystems answers every system in id order. */
export const listSystems = (): Promise<System[]> => store.listSystems(prisma());
