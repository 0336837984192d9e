import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, type Actor, type Refused } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { NewSystem, SystemText, type System } from '../schema';
import * as store from '../store/systems';

/** createSystem records something agents act on; throws when `input` is not a NewSystem. */
export function createSystem(actor: Actor, input: NewSystem): Promise<{ ok: true; system: System } | Refused<'NOT_ALLOWED' | 'ID_TAKEN'>> {
  const { id = newId('sys'), name, description } = NewSystem.parse(input);
  return actAs(actor, 'systems:manage', async (tx): Promise<{ ok: true; system: System } | Refused<'ID_TAKEN'>> => {
    if (!(await store.insertSystem(tx, { id, name, description }))) return { ok: false, code: 'ID_TAKEN' };
    await appendEvent(tx, { kind: 'system.created', actor, subject: { type: 'system', id }, data: {} });
    return { ok: true, system: { id, name, description } };
  });
}

export type ChangeSystemOutcome =
  { ok: true; system: System } | Refused<'NOT_ALLOWED' | 'NOT_FOUND'> | (Refused<'CHANGED_MEANWHILE'> & { system: System });

/**
 * changeSystem changes what people read of a system; with `seen`, only when it still reads as it did then. Nothing is recorded when nothing differs.
 * Throws when `input` is not a SystemText.
 */
export function changeSystem(actor: Actor, id: string, input: SystemText, seen?: SystemText): Promise<ChangeSystemOutcome> {
  const wanted = SystemText.parse(input);
  return actAs(actor, 'systems:manage', async (tx): Promise<ChangeSystemOutcome> => {
    const recorded = await store.lockSystem(tx, id);
    if (!recorded) return { ok: false, code: 'NOT_FOUND' };
    if (seen && partsOf(recorded, seen).length > 0) return { ok: false, code: 'CHANGED_MEANWHILE', system: recorded };
    const changed = partsOf(recorded, wanted);
    if (changed.length === 0) return { ok: true, system: recorded };
    await store.updateSystem(tx, { id, ...wanted });
    await appendEvent(tx, { kind: 'system.changed', actor, subject: { type: 'system', id }, data: { changed } });
    return { ok: true, system: { id, ...wanted } };
  });
}

/** partsOf lists what differs. */
const partsOf = (before: SystemText, after: SystemText): (keyof SystemText)[] =>
  (['name', 'description'] as const).filter((part) => before[part] !== after[part]);

/** findSystem answers one system, or undefined. */
export const findSystem = (id: string): Promise<System | undefined> => store.findSystem(prisma(), id);
/** listSystems answers every system in id order. */
export const listSystems = (): Promise<System[]> => store.listSystems(prisma());
