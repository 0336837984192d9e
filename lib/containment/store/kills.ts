import { z } from 'zod';
import { Prisma, type PrismaClient } from '@/lib/platform/db/generated/client';
import { aliveMs, KillSwitch, type KillImpact, type KillReach, type KillScope, type KillSource } from '../schema';

type Tx = Prisma.TransactionClient;
type Reader = PrismaClient | Tx;

/** Most stops a list answers, newest first. */
const listMax = 1_000;
/** A report up to so far ahead comes from a clock that is wrong, and counts as now. */
const clockAheadMinutes = 10;

/** targetExists looks for what a stop names, so that a typing error does not leave people believing that something is stopped. */
export async function targetExists(tx: Reader, scope: KillScope, target: string): Promise<boolean> {
  switch (scope) {
    case 'organisation':
      return true;
    case 'process':
      return (await tx.process.count({ where: { id: target } })) === 1;
    case 'agent':
      return (await tx.agent.count({ where: { id: target } })) === 1;
    case 'action_type':
      return (await tx.actionType.count({ where: { name: target } })) === 1;
    case 'system':
      return (await tx.system.count({ where: { id: target } })) === 1;
  }
}

type NewRow = Pick<KillSwitch, 'id' | 'scope' | 'target' | 'reason' | 'setBy' | 'sourceType' | 'sourceId' | 'detectedAt' | 'drillId'>;

/** insertKill puts a stop in force, as of the database's clock; undefined when one of exactly this is in force by then. */
export async function insertKill(tx: Tx, kill: NewRow): Promise<KillSwitch | undefined> {
  const { id, scope, target, reason, setBy, sourceType, sourceId, detectedAt, drillId } = kill;
  const count = await tx.$executeRaw`
    INSERT INTO kill_switches (id, scope, target, reason, set_by, source_type, source_id, detected_at, drill_id)
    VALUES (${id}, ${scope}, ${target}, ${reason}, ${setBy}, ${sourceType}, ${sourceId}, ${detectedAt}::timestamptz, ${drillId})
    ON CONFLICT (scope, target) WHERE lifted_at IS NULL AND drill_id IS NULL DO NOTHING`;
  return count === 1 ? findKill(tx, id) : undefined;
}

/** findActiveKill gives the stop of exactly this that a person set and that is in force. A drill's own is none of them: it lifts itself. */
export async function findActiveKill(tx: Reader, scope: KillScope, target: string): Promise<KillSwitch | undefined> {
  const row = await tx.killSwitch.findFirst({ where: { scope, target, liftedAt: null, drillId: null }, orderBy: { setAt: 'asc' } });
  return row ? KillSwitch.parse(row) : undefined;
}

/** holdActiveKill is findActiveKill of a stop that nobody lifts until the transaction ends: one that is being lifted is waited for, and is none. */
export async function holdActiveKill(tx: Tx, scope: KillScope, target: string): Promise<KillSwitch | undefined> {
  const [held] = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM kill_switches WHERE scope = ${scope} AND target = ${target} AND lifted_at IS NULL AND drill_id IS NULL FOR SHARE`;
  return held && findKill(tx, held.id);
}

export async function findKill(tx: Reader, id: string): Promise<KillSwitch | undefined> {
  const row = await tx.killSwitch.findUnique({ where: { id } });
  return row ? KillSwitch.parse(row) : undefined;
}

/** liftKillRow ends a stop if it is still in force. */
export async function liftKillRow(tx: Tx, id: string, by: string, reason: string): Promise<boolean> {
  const count =
    await tx.$executeRaw`UPDATE kill_switches SET lifted_by = ${by}, lifted_at = now(), lift_reason = ${reason} WHERE id = ${id} AND lifted_at IS NULL`;
  return count === 1;
}

export async function listKills(db: Reader, inForceOnly: boolean): Promise<KillSwitch[]> {
  const where = inForceOnly ? { liftedAt: null } : {};
  return (await db.killSwitch.findMany({ where, orderBy: { setAt: 'desc' }, take: listMax })).map((row) => KillSwitch.parse(row));
}

/** findDetection gives when the source of a stop was first known; undefined when there is no such thing, or it lies further ahead than a clock is wrong, or too far back. */
export async function findDetection(tx: Tx, source: KillSource, reportAgeDays: number): Promise<Date | undefined> {
  const [row] =
    source.type === 'finding'
      ? await tx.$queryRaw<{ at: Date }[]>`SELECT opened_at AS at FROM findings WHERE id = ${source.id}`
      : source.type === 'decision'
        ? await tx.$queryRaw<{ at: Date }[]>`SELECT at FROM ledger_entries WHERE event_id = ${source.id} AND kind = 'decision.made'`
        : await tx.$queryRaw<{ at: Date }[]>`
            SELECT least(${source.at}::timestamptz, now()) AS at
            WHERE ${source.at}::timestamptz BETWEEN now() - make_interval(days => ${reportAgeDays}::int) AND now() + make_interval(mins => ${clockAheadMinutes}::int)`;
  return row?.at;
}

const agentsOf: Record<KillScope, (target: string) => Prisma.Sql> = {
  organisation: () => Prisma.sql`true`,
  process: (target) => Prisma.sql`a.process_id = ${target}`,
  agent: (target) => Prisma.sql`a.id = ${target}`,
  action_type: (target) => Prisma.sql`EXISTS (SELECT 1 FROM agent_permissions p WHERE p.agent_id = a.id AND p.action_type = ${target})`,
  system: (target) =>
    Prisma.sql`EXISTS (SELECT 1 FROM agent_permissions p JOIN action_types t ON t.name = p.action_type WHERE p.agent_id = a.id AND t.system_id = ${target})`,
};

// A stop of an action type or a system leaves the agents their other actions, and so their other requests.
const requestsOf = (scope: KillScope, target: string): Prisma.Sql => {
  if (scope === 'action_type') return Prisma.sql`r.action_type = ${target}`;
  if (scope === 'system') return Prisma.sql`r.action_type IN (SELECT name FROM action_types WHERE system_id = ${target})`;
  return Prisma.sql`true`;
};

/** countImpact counts what a stop would stop now: active agents, their open requests, grants given within `grantSeconds`, and calls that wait at a gateway. */
export async function countImpact(
  db: Reader,
  scope: KillScope,
  target: string,
  grantSeconds: number,
  namesMax: number,
): Promise<KillImpact> {
  const stopped = Prisma.sql`stopped AS (SELECT a.id, a.name FROM agents a WHERE a.status = 'active' AND ${agentsOf[scope](target)})`;
  const [row] = await db.$queryRaw<Omit<KillImpact, 'named'>[]>`WITH ${stopped}
    SELECT (SELECT count(*)::int FROM stopped) AS agents,
      (SELECT count(*)::int FROM approvals r JOIN stopped s ON s.id = r.agent_id WHERE r.status = 'pending' AND r.expires_at > now() AND ${requestsOf(scope, target)}) AS waiting,
      (SELECT count(*)::int FROM approvals r JOIN stopped s ON s.id = r.agent_id WHERE r.status = 'approved' AND r.expires_at > now() AND ${requestsOf(scope, target)}) AS approved,
      (SELECT count(*)::int FROM ledger_entries e JOIN stopped s ON s.id = e.agent_id
        WHERE e.kind = 'grant.issued' AND e.at > now() - make_interval(secs => ${grantSeconds}::int)) AS grants,
      (SELECT count(*)::int FROM gateways g, unnest(g.waiting) w(id) JOIN approvals r ON r.id = w.id JOIN stopped s ON s.id = r.agent_id
        WHERE g.stopped_at IS NULL AND g.seen_at > now() - make_interval(secs => ${aliveMs / 1_000}::int) AND ${requestsOf(scope, target)}) AS calls`;
  const named = await db.$queryRaw<
    KillImpact['named']
  >`WITH ${stopped} SELECT id, name FROM stopped ORDER BY name, id LIMIT ${namesMax}::int`;
  return { ...(row ?? { agents: 0, waiting: 0, approved: 0, grants: 0, calls: 0 }), named };
}

/** A stop whose acknowledgements are not told yet, with the ledger row that put it in force. */
export type Untold = {
  id: string;
  scope: string;
  target: string;
  setAt: Date;
  detectedAt: Date | null;
  epoch: bigint;
  committedAt: Date;
  old: boolean;
};

/** listUntold gives stops nobody has told the acknowledgements of, oldest first; `old`: set longer ago than `waitSeconds`. */
export function listUntold(db: Reader, waitSeconds: number, limit: number): Promise<Untold[]> {
  return db.$queryRaw<Untold[]>`
    SELECT k.id, k.scope, k.target, k.set_at AS "setAt", k.detected_at AS "detectedAt", e.seq AS epoch, l.at AS "committedAt",
      k.set_at < clock_timestamp() - make_interval(secs => ${waitSeconds}::int) AS old
    FROM kill_switches k JOIN ledger_epochs e ON e.kind = 'kill.set' AND e.subject = k.id JOIN ledger l ON l.seq = e.seq
    WHERE NOT EXISTS (SELECT 1 FROM kill_acknowledgements t WHERE t.kill_id = k.id)
    ORDER BY k.set_at, k.id LIMIT ${limit}::int`;
}

/** What became of a stop, as it is kept. */
export type Told = {
  killId: string;
  lastMs: number | null;
  detectedMs: number | null;
  gateways: { id: string; name: string; ms: number | null }[];
  silent: string[];
};

const KeptGateways = z.array(z.object({ id: z.string(), name: z.string(), ms: z.number().nullable() }));

/** findTold gives what was kept of how far a stop came; undefined when nothing was. */
export async function findTold(db: Reader, killId: string): Promise<KillReach | undefined> {
  const row = await db.killAcknowledgement.findUnique({ where: { killId } });
  if (!row) return undefined;
  const { lastMs, detectedMs, silent, toldAt } = row;
  return {
    committedAt: toldAt,
    gateways: KeptGateways.parse(row.gateways).map((gateway) => ({ ...gateway, seenAt: toldAt })),
    all: silent.length === 0,
    silent,
    lastMs,
    detectedMs: detectedMs === null ? null : Number(detectedMs),
  };
}

/** insertTold keeps what became of a stop; false when it is kept already. */
export async function insertTold(tx: Tx, { killId, lastMs, detectedMs, gateways, silent }: Told): Promise<boolean> {
  const count = await tx.$executeRaw`INSERT INTO kill_acknowledgements (kill_id, last_ms, detected_ms, gateways, silent)
    VALUES (${killId}, ${lastMs}::int, ${detectedMs}::bigint, ${JSON.stringify(gateways)}::jsonb, ${silent}) ON CONFLICT (kill_id) DO NOTHING`;
  return count === 1;
}
