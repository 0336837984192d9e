import { prisma } from '@/lib/platform/db/prisma';
import { findAgent, listActionTypes } from '@/lib/registry/service';
import type { ActionType, Agent } from '@/lib/registry/schema';
import { effectiveTiers, type EffectiveTiers } from '../domain/effective';
import { compilePolicies } from '../domain/policy-set';
import type { RateTable } from '../schema';
import * as store from '../store';

/** AgentTiers is what policy in force asks of each thing an agent may ask for, in the order of action names. */
export type AgentTiers = {
  agent: { id: string; name: string; floor: number };
  tiers: EffectiveTiers[];
  /** The names of the policies that are named, by id. */
  policies: Record<string, string>;
};

const noRates: RateTable = { base: 'USD', asOf: '1970-01-01', rates: {} };

/** readEffectiveTiers answers the tiers of one agent, or undefined when there is no such agent; `as`: as if its record said so. */
export async function readEffectiveTiers(
  agentId: string,
  as: Partial<Pick<Agent, 'permissions' | 'processId' | 'autonomyFloor'>> = {},
): Promise<AgentTiers | undefined> {
  const found = await findAgent(agentId);
  if (!found) return undefined;
  const agent = { ...found, ...as };
  const [active, rates, types] = await Promise.all([store.listActive(prisma()), store.findLatestRates(prisma()), listActionTypes()]);
  const set = compilePolicies(active, rates ?? noRates);
  const known = new Map(types.map((type) => [type.name, type]));
  const governed = { id: agent.id, processId: agent.processId, autonomyFloor: agent.autonomyFloor };
  return {
    agent: { id: agent.id, name: agent.name, floor: agent.autonomyFloor },
    tiers: agent.permissions.toSorted().map((name) => effectiveTiers(set, governed, known.get(name) ?? unregistered(name))),
    policies: Object.fromEntries(active.map(({ id, name }) => [id, name])),
  };
}

const unregistered = (name: string): ActionType => ({
  name,
  title: name,
  system: 'unknown',
  version: 1,
  status: 'unset',
  parameters: {},
  classification: null,
});
