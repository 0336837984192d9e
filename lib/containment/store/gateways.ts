import type pg from 'pg';
import type { Prisma, PrismaClient } from '@/lib/platform/db/generated/client';
import type { Divergence } from '@/lib/ledger/schema';
import { Gateway, LockedGateway } from '../schema';

type Reader = PrismaClient | Prisma.TransactionClient;

/** Most gateways that count for one change. */
const gatewaysMax = 1_000;

/** What a gateway says of itself; `locked` undefined: it decides. `divergence`: how its database differs from what was handed outside. */
export type Said = {
  id: string;
  name: string;
  epoch: number;
  locked: string | undefined;
  divergence: Divergence | undefined;
  stopping: boolean;
  waiting: readonly string[];
};

/** sayAlive records, with the gateway's own rights, that it lives and what it decides by. */
export async function sayAlive(client: Pick<pg.Pool, 'query'>, said: Said): Promise<void> {
  await client.query({
    name: 'gateway_says',
    text: 'SELECT gateway_says($1, $2, $3, $4, $5, $6, $7)',
    values: [said.id, said.name, said.epoch, said.locked ?? null, said.stopping, said.divergence ?? null, said.waiting],
  });
}

/** listGateways gives the gateways heard of since an instant, newest start first. */
export async function listGateways(db: Reader, since: Date): Promise<Gateway[]> {
  const rows = await db.gateway.findMany({
    where: { seenAt: { gte: since } },
    orderBy: [{ startedAt: 'desc' }, { id: 'asc' }],
    take: gatewaysMax,
  });
  return rows.map((row) => Gateway.parse(row));
}

/** listLocked gives the gateways that live, heard of since an instant, and decide nothing. */
export async function listLocked(db: Reader, since: Date): Promise<LockedGateway[]> {
  const rows = await db.gateway.findMany({
    where: { seenAt: { gte: since }, stoppedAt: null, locked: { not: null } },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
    take: gatewaysMax,
  });
  return rows.map(({ id, name, seenAt, locked, divergence }) => LockedGateway.parse({ id, name, seenAt, why: locked, divergence }));
}

/** firstInstalls gives, by gateway, when it first decided by `epoch` or a later one. */
export async function firstInstalls(db: Reader, epoch: bigint, gateways: readonly string[]): Promise<Map<string, Date>> {
  const rows = await db.$queryRaw<{ gateway: string; at: Date }[]>`
    SELECT g.gateway, i.at FROM unnest(${[...gateways]}::text[]) AS g(gateway)
      CROSS JOIN LATERAL (SELECT installed_at AS at FROM gateway_installs WHERE gateway_id = g.gateway AND epoch >= ${epoch} ORDER BY epoch LIMIT 1) i`;
  return new Map(rows.map(({ gateway, at }) => [gateway, at]));
}

/** forgetGateways removes a batch of gateways and acknowledgements older than gatewaysKeptDays; answers the larger count. */
export async function forgetGateways(db: Reader, limit: number): Promise<number> {
  const rows = await db.$queryRaw<{ count: number }[]>`SELECT gateways_forget(${limit}::int) AS count`;
  return rows[0]?.count ?? 0;
}

/** findEpochOf gives the ledger row, and its instant, of the first event of a kind about a subject that moved the epoch; undefined when there is none. */
export async function findEpochOf(db: Reader, kind: string, subject: string): Promise<{ seq: bigint; at: Date } | undefined> {
  const [row] = await db.$queryRaw<{ seq: bigint; at: Date }[]>`
    SELECT e.seq, l.at FROM ledger_epochs e JOIN ledger l ON l.seq = e.seq WHERE e.kind = ${kind} AND e.subject = ${subject} ORDER BY e.seq LIMIT 1`;
  return row;
}
