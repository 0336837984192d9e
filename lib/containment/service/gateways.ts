import { prisma } from '@/lib/platform/db/prisma';
import type { Tx } from '@/lib/people/service';
import { wasAlive } from '../domain';
import { aliveMs, type Acknowledgement, type Gateway } from '../schema';
import * as store from '../store/gateways';

type Reader = Parameters<typeof store.listGateways>[0];

/** How long it is kept which gateway decided by what from when: longer than maturity looks back; gateways_forget() in the migration says the same. */
export const gatewaysKeptDays = 100;
/** Most rows of a table that one batch removes. */
export const gatewaySweepMax = 5_000;

/** sweepGateways removes a batch of what is older; counts. What became of each stop is kept beside it for good. */
export const sweepGateways = (): Promise<number> => store.forgetGateways(prisma(), gatewaySweepMax);

/** listGateways answers the gateways that live now or were heard of since. */
export const listGateways = (since: Date): Promise<Gateway[]> => store.listGateways(prisma(), since);

/**
 * acknowledgementsOf answers, for a change of the rules at ledger row `epoch` committed at `at`, every gateway that was alive then, with the instant
 * (database time) from which it decides by it.
 */
export async function acknowledgementsOf(change: { epoch: bigint; at: Date }, db: Reader | Tx = prisma()): Promise<Acknowledgement[]> {
  const alive = (await store.listGateways(db, new Date(change.at.getTime() - aliveMs))).filter((gateway) => wasAlive(gateway, change.at));
  const installs = await store.firstInstalls(
    db,
    change.epoch,
    alive.map(({ id }) => id),
  );
  return alive.map(({ id, name, seenAt }) => ({ gateway: id, name, at: installs.get(id) ?? null, seenAt }));
}

/** epochOf answers the ledger row and instant of the event that put a change in force, such as ('kill.set', kill id); undefined when there is none. */
export const epochOf = (kind: string, subject: string, db: Reader | Tx = prisma()): Promise<{ seq: bigint; at: Date } | undefined> =>
  store.findEpochOf(db, kind, subject);
