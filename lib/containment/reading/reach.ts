import type { KillReach, ReachView } from '../schema';

/** viewOfReach puts instants into words that travel. */
export const viewOfReach = (reach: KillReach): ReachView => ({
  committedAt: reach.committedAt?.toISOString() ?? null,
  gateways: reach.gateways.map(({ id, name, ms, seenAt }) => ({ id, name, ms, seenAt: seenAt.toISOString() })),
  all: reach.all,
  lastMs: reach.lastMs,
  detectedMs: reach.detectedMs,
});
