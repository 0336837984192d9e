import { prisma } from '@/lib/platform/db/prisma';

export type Reach = 'none' | 'own' | 'all';
type Ask = { person: string; review: Reach; activate: Reach; limit: number };
export type AgentToMove = { id: string; name: string; status: string; since: Date; total: number };

/** listAgentsToMove gives agents that a person may review or activate now, oldest first, with how many there are; never those they wrote themselves. */
export const listAgentsToMove = ({ person, review, activate, limit }: Ask): Promise<AgentToMove[]> =>
  prisma().$queryRaw`
    SELECT a.id, a.name, a.status, a.changed_at AS since, (count(*) OVER ())::int AS total
    FROM agents a JOIN processes p ON p.id = a.process_id JOIN users u ON u.id = p.owner_id
    WHERE NOT ${person} = ANY (a.editors) AND (
      (a.status = 'in_review' AND (${review} = 'all' OR (${review} = 'own' AND u.person_id = ${person})))
      OR (a.status = 'approved' AND (${activate} = 'all' OR (${activate} = 'own' AND u.person_id = ${person}))))
    ORDER BY a.changed_at, a.id LIMIT ${limit}`;
