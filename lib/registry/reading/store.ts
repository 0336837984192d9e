import { Prisma, type PrismaClient } from '@/lib/platform/db/generated/client';
import { agentStatuses } from '../schema';
import type { FacetName, InventoryQuery, InventorySort } from './schema';

type Reader = Pick<PrismaClient, '$queryRaw'>;

/** What counts as hearing from an agent, in the explorer's table. */
const heard = Prisma.sql`('decision.made', 'grant.issued', 'outcome.reported')`;
/** How many of an agent's newest rows are looked through for the last use of each permission. */
export const usesLookedAt = 20_000;

export type InventoryRecord = {
  id: string;
  name: string;
  status: string;
  process_id: string;
  process_name: string;
  owner_id: string;
  owner_name: string;
  environment: string;
  risk_category: string;
  autonomy_floor: number;
  next_review_on: string | null;
  last_seen_at: Date | null;
  live_until: Date | null;
  credentials: number;
  /** What this row is ordered by, as text that PostgreSQL can compare again. */
  key: string;
};

/**
 * An agent's newest rows first. Written as a range, so that nothing but the index on (agent_id, seq) has this order: where most rows are one agent's,
 * PostgreSQL otherwise looks for the others' by walking back through all there is (4 ms an agent, instead of 4 µs).
 */
const ofAgent = (id: Prisma.Sql): Prisma.Sql => Prisma.sql`e.agent_id BETWEEN ${id} AND ${id}`;
const newestFirst = Prisma.sql`ORDER BY e.agent_id DESC, e.seq DESC`;
const lastHeard = (id: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`(SELECT e.at FROM ledger_entries e WHERE ${ofAgent(id)} AND e.kind IN ${heard} ${newestFirst} LIMIT 1)`;
const seen = lastHeard(Prisma.sql`a.id`);

/** What each order sorts by: never null, so that a page can begin after any row. The type is what the cursor's text is read as. */
const keys = {
  name: { sql: Prisma.sql`lower(a.name) COLLATE "C"`, type: Prisma.sql`text` },
  status: { sql: Prisma.sql`array_position(${[...agentStatuses]}::text[], a.status)`, type: Prisma.sql`integer` },
  last_seen: { sql: Prisma.sql`coalesce(${seen}, '-infinity'::timestamptz)`, type: Prisma.sql`timestamptz` },
  next_review: { sql: Prisma.sql`coalesce(a.next_review_on, 'infinity'::date)`, type: Prisma.sql`date` },
} as const;

const orderOf = (sort: InventorySort): { key: (typeof keys)[keyof typeof keys]; down: boolean } => {
  const down = sort.startsWith('-');
  // The sorts are the names of `keys`, each with and without a minus.
  return { key: keys[sort.replace('-', '') as keyof typeof keys], down };
};

/** Text for LIKE in which nothing is a wildcard. */
const literally = (text: string): string => `%${text.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;

const searched = (q: string | undefined): Prisma.Sql =>
  q === undefined || q === ''
    ? Prisma.sql`true`
    : Prisma.sql`(a.name ILIKE ${literally(q)} OR a.id ILIKE ${literally(q)} OR a.purpose ILIKE ${literally(q)})`;

const facetColumns: Record<FacetName, Prisma.Sql> = {
  status: Prisma.sql`a.status`,
  process: Prisma.sql`a.process_id`,
  owner: Prisma.sql`a.owner_id`,
  environment: Prisma.sql`a.environment`,
  risk: Prisma.sql`a.risk_category`,
};
const facetNames: FacetName[] = ['status', 'process', 'owner', 'environment', 'risk'];

const conditionOf = (name: FacetName, value: string | undefined): Prisma.Sql =>
  value === undefined ? Prisma.sql`true` : Prisma.sql`${facetColumns[name]} = ${value}`;

/** listInventory answers one page and one row more, in the order asked for; rows with an equal key are in id order. */
export async function listInventory(
  db: Reader,
  query: InventoryQuery,
  after: { key: string; id: string } | undefined,
): Promise<InventoryRecord[]> {
  const { key, down } = orderOf(query.sort);
  const conditions = [searched(query.q), ...facetNames.map((name) => conditionOf(name, query[name]))];
  if (after) {
    const bound = Prisma.sql`${after.key}::${key.type}`;
    conditions.push(
      Prisma.sql`(${key.sql} ${down ? Prisma.sql`<` : Prisma.sql`>`} ${bound} OR (${key.sql} = ${bound} AND a.id > ${after.id}))`,
    );
  }
  return db.$queryRaw<InventoryRecord[]>`
    WITH page AS (
      SELECT a.*, ${key.sql} AS sort_key FROM agents a WHERE ${Prisma.join(conditions, ' AND ')}
      ORDER BY sort_key ${down ? Prisma.sql`DESC` : Prisma.sql`ASC`}, a.id LIMIT ${query.limit + 1}::int)
    SELECT a.id, a.name, a.status, a.process_id, p.name AS process_name, a.owner_id, u.name AS owner_name, a.environment, a.risk_category,
      a.autonomy_floor, a.next_review_on::text AS next_review_on, ${seen} AS last_seen_at, c.live_until, c.credentials, a.sort_key::text AS key
    FROM page a JOIN processes p ON p.id = a.process_id JOIN users u ON u.id = a.owner_id
    LEFT JOIN LATERAL (SELECT max(k.expires_at) FILTER (WHERE k.revoked_at IS NULL AND k.expires_at > now()) AS live_until, count(*)::int AS credentials
      FROM credentials k WHERE k.agent_id = a.id) c ON true
    ORDER BY a.sort_key ${down ? Prisma.sql`DESC` : Prisma.sql`ASC`}, a.id`;
}

export type FacetRecord = { facet: FacetName | 'total' | 'all'; value: string; count: number };

/** countInventory counts each value of each facet under every condition but its own, what matches all of them, and all there is, in one look at the table. */
export async function countInventory(db: Reader, query: InventoryQuery): Promise<FacetRecord[]> {
  const holds = facetNames.map((name) => Prisma.sql`(${conditionOf(name, query[name])}) AS ${Prisma.raw(`ok_${name}`)}`);
  const others = (own: FacetName | null): Prisma.Sql =>
    Prisma.join(
      facetNames.filter((name) => name !== own).map((name) => Prisma.raw(`ok_${name}`)),
      ' AND ',
    );
  const counts = facetNames.map(
    (name) =>
      Prisma.sql`SELECT ${name} AS facet, ${Prisma.raw(`v_${name}`)} AS value, count(*)::int AS count FROM found WHERE ${others(name)} GROUP BY 2`,
  );
  return db.$queryRaw<FacetRecord[]>`
    WITH found AS MATERIALIZED (
      SELECT ${Prisma.join(facetNames.map((name) => Prisma.sql`${facetColumns[name]} AS ${Prisma.raw(`v_${name}`)}`))}, ${Prisma.join(holds)}
      FROM agents a WHERE ${searched(query.q)})
    ${Prisma.join(counts, ' UNION ALL ')}
    UNION ALL SELECT 'total', '', count(*)::int FROM found WHERE ${others(null)}
    UNION ALL SELECT 'all', '', count(*)::int FROM agents`;
}

export async function findLastSeen(db: Reader, agentId: string): Promise<Date | null> {
  const rows = await db.$queryRaw<{ at: Date | null }[]>`SELECT ${lastHeard(Prisma.sql`${agentId}`)} AS at`;
  return rows[0]?.at ?? null;
}

export type PermissionRecord = {
  action: string;
  title: string;
  system: string;
  status: string;
  granted_at: Date;
  last_used_at: Date | null;
};

/** listPermissions answers what an agent may ask for, with when it last did, as far as its newest rows tell. */
export async function listPermissions(db: Reader, agentId: string): Promise<PermissionRecord[]> {
  return db.$queryRaw<PermissionRecord[]>`
    WITH used AS (
      SELECT r.action_type, max(r.at) AS at FROM (
        SELECT e.action_type, e.at, e.kind FROM ledger_entries e WHERE ${ofAgent(Prisma.sql`${agentId}`)} ${newestFirst} LIMIT ${usesLookedAt}::int) r
      WHERE r.kind = 'decision.made' GROUP BY r.action_type)
    SELECT t.name AS action, t.title, s.name AS system, t.status, p.granted_at, used.at AS last_used_at
    FROM agent_permissions p JOIN action_types t ON t.name = p.action_type JOIN systems s ON s.id = t.system_id LEFT JOIN used ON used.action_type = t.name
    WHERE p.agent_id = ${agentId} ORDER BY s.name, t.name`;
}

export async function listActionChoices(
  db: Reader,
  limit: number,
): Promise<{ name: string; title: string; system: string; status: string }[]> {
  return db.$queryRaw<{ name: string; title: string; system: string; status: string }[]>`
    SELECT t.name, t.title, s.name AS system, t.status FROM action_types t JOIN systems s ON s.id = t.system_id ORDER BY s.name, t.name LIMIT ${limit}::int`;
}

/** listHistory answers the rows about an agent that are not its own doing, newest first. */
export async function listHistory(db: Reader, agentId: string, before: bigint | null, limit: number): Promise<bigint[]> {
  const older = before === null ? Prisma.sql`true` : Prisma.sql`seq < ${before}`;
  const rows = await db.$queryRaw<{ seq: bigint }[]>`SELECT seq FROM ledger_entries
    WHERE agent_id = ${agentId} AND kind NOT IN ('decision.made', 'grant.issued', 'outcome.reported') AND ${older} ORDER BY seq DESC LIMIT ${limit}::int`;
  return rows.map(({ seq }) => seq);
}
