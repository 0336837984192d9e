import { Prisma, type PrismaClient } from '@/lib/platform/db/generated/client';
import type { CatalogueFilter } from '../schema/catalogue';

type Reader = Pick<PrismaClient, '$queryRaw'>;

/** Most systems, and most agents of one action type, that a list answers. */
const listMax = 1_000;

export type TypeRow = {
  name: string;
  title: string;
  status: string;
  system_id: string;
  system_name: string;
  classification: unknown;
};

// The order of the catalogue: what somebody has to look at first, then by system.
const rank = Prisma.sql`CASE a.status WHEN 'unset' THEN 0 WHEN 'approved' THEN 1 ELSE 2 END`;
const order = Prisma.sql`(${rank}, s.name, a.name)`;
const table = Prisma.sql`action_types a JOIN systems s ON s.id = a.system_id`;

function conditionsOf(filter: CatalogueFilter): Prisma.Sql {
  const conditions = [Prisma.sql`true`];
  if (filter.system !== undefined) conditions.push(Prisma.sql`a.system_id = ${filter.system}`);
  if (filter.status !== undefined) conditions.push(Prisma.sql`a.status = ${filter.status}`);
  if (filter.effect !== undefined) conditions.push(Prisma.sql`a.document->'classification'->>'effect' = ${filter.effect}`);
  if (filter.q !== undefined && filter.q !== '') {
    const pattern = `%${filter.q.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
    conditions.push(Prisma.sql`(a.name ILIKE ${pattern} OR a.title ILIKE ${pattern} OR s.name ILIKE ${pattern})`);
  }
  return Prisma.join(conditions, ' AND ');
}

/** listTypes gives action types in the order of the catalogue, from the one after `after` on. */
export async function listTypes(db: Reader, filter: CatalogueFilter, after: string | undefined, limit: number): Promise<TypeRow[]> {
  const begin =
    after === undefined ? Prisma.sql`true` : Prisma.sql`${order} > (SELECT ${rank}, s.name, a.name FROM ${table} WHERE a.name = ${after})`;
  return db.$queryRaw<TypeRow[]>`
    SELECT a.name, a.title, a.status, s.id AS system_id, s.name AS system_name, a.document->'classification' AS classification
    FROM ${table} WHERE ${conditionsOf(filter)} AND ${begin} ORDER BY ${rank}, s.name, a.name LIMIT ${limit}`;
}

/** countTypes counts what matches, and how much of it is unset. */
export async function countTypes(db: Reader, filter: CatalogueFilter): Promise<{ total: number; unset: number }> {
  const rows = await db.$queryRaw<{ total: number; unset: number }[]>`
    SELECT count(*)::int AS total, count(*) FILTER (WHERE a.status = 'unset')::int AS unset FROM ${table} WHERE ${conditionsOf(filter)}`;
  return rows[0] ?? { total: 0, unset: 0 };
}

const holders = Prisma.sql`agent_permissions p JOIN agents g ON g.id = p.agent_id AND g.status NOT IN ('decommissioned', 'rejected')`;

export type HolderCount = { action_type: string; count: number; names: string[] };

/** countHolders counts the agents that may ask for each of these action types and names the first few; those that are gone hold nothing. */
export async function countHolders(db: Reader, names: readonly string[], named: number): Promise<HolderCount[]> {
  if (names.length === 0) return [];
  return db.$queryRaw<HolderCount[]>`
    SELECT p.action_type, count(*)::int AS count, (array_agg(g.name ORDER BY g.name, g.id))[1:${named}::int] AS names
    FROM ${holders} WHERE p.action_type = ANY (${[...names]}::text[]) GROUP BY p.action_type`;
}

/** listHolders gives the agents that may ask for one action type. */
export async function listHolders(db: Reader, name: string): Promise<{ id: string; name: string; status: string }[]> {
  return db.$queryRaw<{ id: string; name: string; status: string }[]>`
    SELECT g.id, g.name, g.status FROM ${holders} WHERE p.action_type = ${name} ORDER BY g.name, g.id LIMIT ${listMax}`;
}

export type SystemCounts = { id: string; name: string; description: string; action_types: number; unset: number; agents: number };

export async function listSystemCounts(db: Reader): Promise<SystemCounts[]> {
  return db.$queryRaw<SystemCounts[]>`
    SELECT s.id, s.name, s.description,
      (SELECT count(*)::int FROM action_types a WHERE a.system_id = s.id) AS action_types,
      (SELECT count(*)::int FROM action_types a WHERE a.system_id = s.id AND a.status = 'unset') AS unset,
      (SELECT count(DISTINCT p.agent_id)::int FROM action_types a JOIN agent_permissions p ON p.action_type = a.name
        JOIN agents g ON g.id = p.agent_id WHERE a.system_id = s.id AND g.status NOT IN ('decommissioned', 'rejected')) AS agents
    FROM systems s ORDER BY s.name, s.id LIMIT ${listMax}`;
}

export async function listActionNames(db: Reader): Promise<string[]> {
  const rows = await db.$queryRaw<{ name: string }[]>`SELECT name FROM action_types ORDER BY name LIMIT ${listMax}`;
  return rows.map(({ name }) => name);
}
