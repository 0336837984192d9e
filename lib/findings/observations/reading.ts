import { readSightingValue } from './domain';
import { valuesMax } from './schema';
import * as store from './store';
import { prisma } from '@/lib/platform/db/prisma';

/** Since when and until when something was noticed, and how often; a gateway tells within five seconds. */
export type Seen = { firstAt: Date; lastAt: Date; count: number };

/** What the gateways noticed of one agent. `lastAt` is the latest of it all, null when nothing was noticed. */
export type AgentObservations = {
  /** By credential id: when tokens were asked for with it, and from how many workloads (at most 100 are told apart). */
  credentials: ReadonlyMap<string, Seen & { workloads: number }>;
  /** The models it says it is, latest first; its own words. */
  models: readonly (Seen & { model: string })[];
  lastAt: Date | null;
};

/** readObservations answers what the gateways noticed of an agent; nothing of it when there is no such agent. */
export async function readObservations({ agentId }: { agentId: string }): Promise<AgentObservations> {
  const [uses, values] = await Promise.all([
    store.listCredentialUses(prisma(), agentId),
    store.listValues(prisma(), 'agent.model', agentId, valuesMax),
  ]);
  const credentials = new Map(uses.map(({ credential, count, ...seen }) => [credential, { ...seen, count: Number(count) }]));
  const models = values.map(({ value, count, ...seen }) => ({ ...seen, model: value, count: Number(count) }));
  const lastMs = Math.max(...[...uses, ...values].map(({ lastAt }) => lastAt.getTime()));
  return { credentials, models, lastAt: Number.isFinite(lastMs) ? new Date(lastMs) : null };
}

/** One action that a tool was called for without a receipt that allowed it. `agent` is whom the caller said to be, if anybody. */
export type SystemSighting = Seen & { action: string; agent: string | undefined };

/** readSightings answers what a system's tools reported, latest first: at most 100, which is all that is kept of one system. */
export async function readSightings(systemId: string): Promise<SystemSighting[]> {
  const rows = await store.listValues(prisma(), 'tool.unreceipted', systemId, valuesMax);
  return rows.map(({ value, count, firstAt, lastAt }) => ({ ...readSightingValue(value), count: Number(count), firstAt, lastAt }));
}
