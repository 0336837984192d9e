import { prisma } from '@/lib/platform/db/prisma';

export type Reach = 'none' | 'own' | 'all';
type Ask = { person: string; review: Reach; activate: Reach; register: boolean; limit: number };
export type AgentToMove = { id: string; name: string; status: string; since: Date; total: number };

/**
 * listAgentsToMove gives agents that a person may review or activate now, never those they wrote themselves; and of those they wrote what is not handed
 * in yet, or was sent back. Oldest first, with how many there are.
 */
export const listAgentsToMove = ({ person, review, activate, register, limit }: Ask): Promise<AgentToMove[]> =>
  prisma().$queryRaw`
    SELECT a.id, a.name, a.status, a.changed_at AS since, (count(*) OVER ())::int AS total
    FROM agents a JOIN processes p ON p.id = a.process_id JOIN users u ON u.id = p.owner_id
    WHERE CASE
      WHEN a.status IN ('draft', 'rejected') THEN ${register} AND ${person} = ANY (a.editors)
      WHEN ${person} = ANY (a.editors) THEN false
      WHEN a.status = 'in_review' THEN ${review} = 'all' OR (${review} = 'own' AND u.person_id = ${person})
      WHEN a.status = 'approved' THEN ${activate} = 'all' OR (${activate} = 'own' AND u.person_id = ${person})
      ELSE false END
    ORDER BY a.changed_at, a.id LIMIT ${limit}`;
