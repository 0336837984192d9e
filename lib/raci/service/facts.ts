import { may } from '@/lib/people/permissions';
import type { Role } from '@/lib/people/schema';
import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import type { Facts, Standing } from '../schema';
import * as store from '../store';

type Person = { id: string; personId: string; name: string; roles: readonly Role[]; active: boolean };

/** standingOf is what rules and pages know of a person: whether they are here, and whether they may sign. */
export const standingOf = ({ id, personId, name, roles, active }: Person): Standing => ({
  id,
  personId,
  name,
  active,
  signs: may({ roles }, 'approvals:decide'),
});

/** factsOf reads what matrices are judged by, as it stands for this reader; agents of one process, or of all. */
export async function factsOf(db: PrismaClient | Prisma.TransactionClient, processId?: string) {
  const [people, teams, agents] = [await store.listPeople(db), await store.listTeams(db), await store.listAgents(db, processId)];
  return { people: people.map(standingOf), teams, agents, holders: people } satisfies Facts & { holders: typeof people };
}
