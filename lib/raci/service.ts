import type { Reaction } from '@/lib/ledger/service';
import { templateCells } from './domain';
import { insertCells } from './store';

/** giveTemplate gives a new process its matrix in the commit that makes it: its owner is accountable for all of it until people are named. */
export const giveTemplate: Reaction = async (tx, event) => {
  const { owner } = event.data;
  if (typeof owner !== 'string') throw new Error('a process was created without an owner');
  await insertCells(tx, event.subject.id, templateCells(owner));
};
