import { z } from 'zod';
import type { Actor } from '@/lib/ledger/schema';
import { appendEvent, type Reaction } from '@/lib/ledger/service';
import type { Tx } from '@/lib/people/service';
import { templateCells } from '../domain';
import type { CellChange } from '../schema';
import * as store from '../store';

/** giveTemplate gives a new process its matrix in the commit that makes it: its owner is accountable for all of it, and teams of the default names do the rest. */
export const giveTemplate: Reaction = async (tx, event) => {
  const { owner } = event.data;
  if (typeof owner !== 'string') throw new Error('a process was created without an owner');
  await store.insertCells(tx, event.subject.id, templateCells(owner, await store.listTeams(tx)));
};

/**
 * moveToNewOwner makes the new owner of a process Accountable for all that the old one was, in the same commit, with an event for each matrix it
 * changes; for the named cells alone when the event has `cells`, since a process that goes back takes along only what had come with it.
 */
export const moveToNewOwner: Reaction = async (tx, event) => {
  const { owner_before: from, owner_after: to, cells } = event.data;
  if (typeof from !== 'string' || typeof to !== 'string') return;
  await moveAccountable(tx, {
    actor: event.actor,
    processId: event.subject.id,
    from,
    to,
    ...(cells === undefined ? {} : { cells: z.array(MovedCell).parse(cells) }),
  });
};

const MovedCell = z.object({ stage: z.string(), agentId: z.string().nullable() });
type MovedCell = z.infer<typeof MovedCell>;
type Move = { actor: Actor; processId: string; from: string; to: string; cells?: readonly MovedCell[] };

/** moveAccountable gives every stage of a process that one person is Accountable for (or only these cells) to another, with an event for each matrix it changes; answers what moved. */
export async function moveAccountable(tx: Tx, { actor, processId, from, to, cells }: Move): Promise<MovedCell[]> {
  const moved = await store.moveAccountable(tx, processId, from, to, cells);
  for (const agent of new Set(moved.map(({ agentId }) => agentId))) {
    const changes = moved
      .filter(({ agentId }) => agentId === agent)
      .map(({ stage }): CellChange => ({
        stage,
        role: 'accountable',
        removed: [{ type: 'user', id: from }],
        added: [{ type: 'user', id: to }],
      }));
    await appendEvent(tx, { kind: 'raci.changed', actor, subject: { type: 'process', id: processId }, data: { agent, changes } });
  }
  return moved;
}

export type AccountableCell = MovedCell & { processId: string; userId: string };
/** listAccountable answers who is Accountable for which stage of these processes, exceptions for agents too, in the order in which they were named. */
export async function listAccountable(tx: Tx, which: { processIds: readonly string[] } | { userId: string }): Promise<AccountableCell[]> {
  return store.listAccountable(tx, which);
}
