import { appendEvent, type Reaction } from '@/lib/ledger/service';
import { templateCells } from '../domain';
import type { CellChange } from '../schema';
import * as store from '../store';

/** giveTemplate gives a new process its matrix in the commit that makes it: its owner is accountable for all of it, and teams of the default names do the rest. */
export const giveTemplate: Reaction = async (tx, event) => {
  const { owner } = event.data;
  if (typeof owner !== 'string') throw new Error('a process was created without an owner');
  await store.insertCells(tx, event.subject.id, templateCells(owner, await store.listTeams(tx)));
};

/** moveToNewOwner makes the new owner of a process Accountable for all that the old one was, in the same commit, with an event for each matrix it changes. */
export const moveToNewOwner: Reaction = async (tx, event) => {
  const { owner_before: from, owner_after: to } = event.data;
  if (typeof from !== 'string' || typeof to !== 'string') return;
  const moved = await store.moveAccountable(tx, event.subject.id, from, to);
  for (const agent of new Set(moved.map(({ agentId }) => agentId))) {
    const changes = moved
      .filter(({ agentId }) => agentId === agent)
      .map(({ stage }): CellChange => ({
        stage,
        role: 'accountable',
        removed: [{ type: 'user', id: from }],
        added: [{ type: 'user', id: to }],
      }));
    await appendEvent(tx, { kind: 'raci.changed', actor: event.actor, subject: event.subject, data: { agent, changes } });
  }
};
