import { z } from 'zod';
import { Role } from '@/lib/people/schema';
import type { ReviewSubject } from '../schema';
import type { Reader } from './shared';

export type SubjectFacts = {
  id: string;
  name: string;
  processId: string | null;
  ownerId: string | null;
  processOwnerId: string | null;
  accountable: string[];
  authors: string[];
};

/** listFacts answers what choosing a reviewer and refusing one needs to know, by id. Reads tables of earlier features, since a decision shares its commit with them. */
export async function listFacts(db: Reader, subject: ReviewSubject, ids: readonly string[]): Promise<Map<string, SubjectFacts>> {
  const rows = subject === 'agent' ? await agentFacts(db, ids) : await policyFacts(db, ids);
  return new Map(rows.map((row) => [row.id, row]));
}

const agentFacts = (db: Reader, ids: readonly string[]) => db.$queryRaw<SubjectFacts[]>`
  SELECT a.id, a.name, a.process_id AS "processId", a.owner_id AS "ownerId", p.owner_id AS "processOwnerId",
    ARRAY(SELECT c.user_id FROM (
      SELECT DISTINCT ON (stage) stage, user_id FROM raci_cells
      WHERE process_id = a.process_id AND role = 'accountable' AND (agent_id IS NULL OR agent_id = a.id) ORDER BY stage, agent_id NULLS LAST) c
      ORDER BY c.stage <> 'escalation', c.stage) AS accountable,
    a.editors || ARRAY(SELECT u.person_id FROM users u WHERE u.id = a.technical_owner_id) AS authors
  FROM agents a JOIN processes p ON p.id = a.process_id WHERE a.id = ANY (${[...ids]}::text[])`;

const policyFacts = (db: Reader, ids: readonly string[]) => db.$queryRaw<SubjectFacts[]>`
  SELECT p.id, p.name, r.id AS "processId", NULL::text AS "ownerId", NULL::text AS "processOwnerId", '{}'::text[] AS accountable,
    p.editors || ARRAY(SELECT u.person_id FROM users u WHERE u.id = p.drafted_by) AS authors
  FROM policies p
  LEFT JOIN agents a ON a.id = p.document->'selector'->>'agent'
  LEFT JOIN processes r ON r.id = coalesce(p.document->'selector'->>'process', a.process_id)
  WHERE p.status = 'active' AND p.id = ANY (${[...ids]}::text[])`;

export type PersonFacts = { id: string; personId: string; name: string; roles: Role[]; active: boolean; managerId: string | null };
const Roles = z.array(Role);

/** listPeople answers every account, those who left too. */
export async function listPeople(db: Reader): Promise<Map<string, PersonFacts>> {
  const rows = await db.$queryRaw<(Omit<PersonFacts, 'roles'> & { roles: string[] })[]>`
    SELECT id, person_id AS "personId", name, roles, status = 'active' AS active, manager_id AS "managerId" FROM users ORDER BY id`;
  return new Map(rows.map((row) => [row.id, { ...row, roles: Roles.parse(row.roles) }]));
}

/** listLoad answers how many open items each account has. */
export async function listLoad(db: Reader): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ id: string; open: number }[]>`
    SELECT reviewer_id AS id, count(*)::int AS open FROM review_items WHERE status = 'open' AND reviewer_id IS NOT NULL GROUP BY 1`;
  return new Map(rows.map(({ id, open }) => [id, open]));
}
