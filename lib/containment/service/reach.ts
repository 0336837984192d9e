import { appendEvent } from '@/lib/ledger/service';
import { inTransaction, type Tx } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { tokenSecondsMax } from '@/lib/identity/schema';
import { reachOf } from '../domain';
import { drillFailMs, type KillImpact, type KillReach, type KillScope, type KillSwitch } from '../schema';
import * as store from '../store/kills';
import { acknowledgementsOf, epochOf, gatewaysKeptDays } from './gateways';

const dayMs = 86_400_000;
/** How many of the stopped agents are named in the dialog. */
const namesMax = 5;
/** A gateway that has not acknowledged by then is told of as silent: what comes later is no success, for a stop or a drill. */
export const silentAfterSeconds = drillFailMs / 1_000;
/** Most stops told of in one batch. */
export const tellBatchMax = 50;

/** killImpact answers what a stop would stop now, before anybody presses. */
export const killImpact = (scope: KillScope, target: string): Promise<KillImpact> =>
  store.countImpact(prisma(), scope, target, tokenSecondsMax, namesMax);

/** killReach answers how far a stop has come, at this moment. Times are the database's, from the press as the server took it up. */
export async function killReach(kill: Pick<KillSwitch, 'id' | 'setAt' | 'detectedAt'>): Promise<KillReach> {
  const kept = Date.now() - kill.setAt.getTime() > gatewaysKeptDays * dayMs ? await store.findTold(prisma(), kill.id) : undefined;
  if (kept) return kept;
  const epoch = await epochOf('kill.set', kill.id);
  if (!epoch) return { committedAt: null, gateways: [], all: false, silent: [], lastMs: null, detectedMs: null };
  return reachAt(kill, { epoch: epoch.seq, at: epoch.at });
}

/** reachOfChange answers how far a change of the rules has come that is no stop: a suspension, a revocation, a policy. Times are from its commit. */
export const reachOfChange = (change: { epoch: bigint; at: Date }): Promise<KillReach> =>
  reachAt({ setAt: change.at, detectedAt: null }, change);

async function reachAt(kill: Pick<KillSwitch, 'setAt' | 'detectedAt'>, change: { epoch: bigint; at: Date }): Promise<KillReach> {
  const acknowledgements = await acknowledgementsOf(change);
  const reach = reachOf(acknowledgements, kill.setAt);
  const last = reach.lastMs === undefined ? undefined : kill.setAt.getTime() + reach.lastMs;
  return {
    committedAt: change.at,
    gateways: acknowledgements.map(({ gateway, name, at, seenAt }) => ({
      id: gateway,
      name,
      ms: at ? Math.max(0, at.getTime() - kill.setAt.getTime()) : null,
      seenAt,
    })),
    all: reach.all,
    silent: reach.silent,
    lastMs: reach.lastMs ?? null,
    detectedMs: kill.detectedAt && last !== undefined ? last - kill.detectedAt.getTime() : null,
  };
}

/**
 * tellAcknowledged writes into the ledger, once for each stop, that every gateway alive at its commit has acknowledged it, with the measured times, or
 * which ones stayed silent; answers how many it told of. Running twice, or in several processes, tells nothing twice.
 */
export async function tellAcknowledged(limit = tellBatchMax): Promise<number> {
  let told = 0;
  for (const kill of await store.listUntold(prisma(), silentAfterSeconds, limit)) {
    const reach = await reachAt(kill, { epoch: kill.epoch, at: kill.committedAt });
    if (!reach.all && !kill.old) continue;
    if (await inTransaction((tx) => tellReach(tx, kill, reach))) told += 1;
  }
  return told;
}

/** tellReach writes what became of a stop, once, with its event; false when that was told before. */
export async function tellReach(tx: Tx, kill: { id: string; scope: string; target: string }, reach: KillReach): Promise<boolean> {
  const gateways = reach.gateways.map(({ id, name, ms }) => ({ id, name, ms }));
  const { lastMs, detectedMs, silent } = reach;
  if (!(await store.insertTold(tx, { killId: kill.id, lastMs, detectedMs, gateways, silent }))) return false;
  await appendEvent(tx, {
    kind: 'kill.acknowledged',
    actor: { type: 'system', id: 'jobs' },
    subject: { type: 'kill', id: kill.id },
    data: {
      scope: kill.scope,
      target: kill.target,
      gateways: gateways.map(({ id, ms }) => ({ gateway: id, ms })),
      silent: reach.gateways.filter(({ ms }) => ms === null).map(({ id }) => id),
      last_ms: lastMs,
      ...(detectedMs === null ? {} : { detected_ms: detectedMs }),
    },
  });
  return true;
}
