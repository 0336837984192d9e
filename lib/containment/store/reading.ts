import { Prisma, type PrismaClient } from '@/lib/platform/db/generated/client';
import { KillSwitch, type KillScope } from '../schema';

type Reader = PrismaClient | Prisma.TransactionClient;

type Asking = { inForce: boolean; before?: string | undefined; id?: string | undefined; limit: number };

/** findKills gives stops newest first; ids sort by their time, so the last one seen is the `before` of the next page. */
export async function findKills(db: Reader, { inForce, before, id, limit }: Asking): Promise<KillSwitch[]> {
  const rows = await db.killSwitch.findMany({
    where: { ...(inForce ? { liftedAt: null } : {}), id: { ...(before ? { lt: before } : {}), ...(id ? { equals: id } : {}) } },
    orderBy: { id: 'desc' },
    take: limit,
  });
  return rows.map((row) => KillSwitch.parse(row));
}

/** findKillsOf gives the stops in force that hold an agent, or one of the actions it may ask for; those of the agent itself first. */
export async function findKillsOf(db: Reader, agentId: string): Promise<KillSwitch[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT k.id FROM kill_switches k, agents a WHERE a.id = ${agentId} AND k.lifted_at IS NULL AND (
      k.scope = 'organisation' OR (k.scope = 'agent' AND k.target = a.id) OR (k.scope = 'process' AND k.target = a.process_id)
      OR (k.scope = 'action_type' AND EXISTS (SELECT 1 FROM agent_permissions p WHERE p.agent_id = a.id AND p.action_type = k.target))
      OR (k.scope = 'system' AND EXISTS (SELECT 1 FROM agent_permissions p JOIN action_types t ON t.name = p.action_type
        WHERE p.agent_id = a.id AND t.system_id = k.target)))`;
  const kills = await db.killSwitch.findMany({ where: { id: { in: rows.map(({ id }) => id) } }, orderBy: { id: 'desc' } });
  return kills.map((row) => KillSwitch.parse(row));
}

/** countKills counts the stops in force. */
export const countKills = (db: Reader): Promise<number> => db.killSwitch.count({ where: { liftedAt: null } });

/** findHeadEpoch is the epoch of the newest ledger row; 0 while the ledger is empty. */
export async function findHeadEpoch(db: Reader): Promise<bigint> {
  const rows = await db.$queryRaw<{ epoch: bigint }[]>`SELECT epoch FROM ledger_batches ORDER BY last_seq DESC LIMIT 1`;
  return rows[0]?.epoch ?? 0n;
}

/** listChanges gives the newest events of these kinds that moved the epoch. */
export const listChanges = (
  db: Reader,
  kinds: readonly string[],
  limit: number,
): Promise<{ seq: bigint; kind: string; subject: string; at: Date }[]> =>
  db.$queryRaw`SELECT e.seq, e.kind, e.subject, l.at FROM ledger_epochs e JOIN ledger l ON l.seq = e.seq
    WHERE e.kind = ANY (${[...kinds]}) ORDER BY e.seq DESC LIMIT ${limit}::int`;

/** listSubjectNames finds what is stopped or changed is called; what is unknown is not in the answer. */
export async function listSubjectNames(db: Reader, ids: readonly string[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const rows = await db.$queryRaw<{ id: string; name: string }[]>`
    WITH wanted AS MATERIALIZED (SELECT unnest(${wanted}::text[]) AS id)
    SELECT id, name FROM agents JOIN wanted USING (id)
    UNION ALL SELECT id, name FROM processes JOIN wanted USING (id)
    UNION ALL SELECT id, name FROM systems JOIN wanted USING (id)
    UNION ALL SELECT id, name FROM users JOIN wanted USING (id)
    UNION ALL SELECT t.name, t.title FROM action_types t JOIN wanted w ON w.id = t.name
    UNION ALL SELECT * FROM (SELECT DISTINCT ON (p.id) p.id, p.name FROM policies p JOIN wanted USING (id) ORDER BY p.id, p.version DESC) latest`;
  return new Map(rows.map(({ id, name }) => [id, name]));
}

const tableOf: Record<Exclude<KillScope, 'organisation'>, { table: Prisma.Sql; id: Prisma.Sql; name: Prisma.Sql; owner: Prisma.Sql }> = {
  agent: {
    table: Prisma.sql`agents t JOIN processes p ON p.id = t.process_id`,
    id: Prisma.sql`t.id`,
    name: Prisma.sql`t.name`,
    owner: Prisma.sql`p.owner_id`,
  },
  process: { table: Prisma.sql`processes t`, id: Prisma.sql`t.id`, name: Prisma.sql`t.name`, owner: Prisma.sql`t.owner_id` },
  action_type: { table: Prisma.sql`action_types t`, id: Prisma.sql`t.name`, name: Prisma.sql`t.title`, owner: Prisma.sql`NULL::text` },
  system: { table: Prisma.sql`systems t`, id: Prisma.sql`t.id`, name: Prisma.sql`t.name`, owner: Prisma.sql`NULL::text` },
};

/** searchTargets finds what can be stopped whose name or id has these words in it; with `ownedBy`, only what that person's accounts own. */
export function searchTargets(
  db: Reader,
  scope: Exclude<KillScope, 'organisation'>,
  search: string,
  ownedBy: string | undefined,
  limit: number,
): Promise<{ id: string; name: string }[]> {
  const { table, id, name, owner } = tableOf[scope];
  const like = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const owned =
    ownedBy === undefined
      ? Prisma.sql`true`
      : Prisma.sql`${owner} IN (SELECT id FROM users WHERE person_id = ${ownedBy} AND status = 'active')`;
  return db.$queryRaw`SELECT ${id} AS id, ${name} AS name FROM ${table}
    WHERE (${name} ILIKE ${like} OR ${id} ILIKE ${like}) AND ${owned} ORDER BY 2, 1 LIMIT ${limit}::int`;
}
