import { prisma } from '@/lib/platform/db/prisma';
import { ownedNamedMax, type Departure } from '../schema';
import { countDeparture, listOwnedAgents, listOwnedProcesses } from '../store/departure';
import { readPerson } from './people';

/** readDeparture answers what would end with an account and what would need a new owner, or undefined when there is no such account. */
export async function readDeparture(id: string): Promise<Departure | undefined> {
  const person = await readPerson(id);
  if (!person) return undefined;
  const db = prisma();
  const [counts, processes, agents] = await Promise.all([
    countDeparture(db, id, person.email),
    listOwnedProcesses(db, id, ownedNamedMax),
    listOwnedAgents(db, id, ownedNamedMax),
  ]);
  return { ...counts, processes, agents, teams: person.teams, otherAccounts: person.otherAccounts };
}
