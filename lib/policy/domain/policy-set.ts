import { toBase } from '@/lib/kernel/money';
import type { GovernedAgent } from '@/lib/registry/schema';
import type { CompiledActionType } from '@/lib/policy/domain/action-type';
import { buildPlan } from '@/lib/policy/domain/plan';
import type { BreakerPlan } from '@/lib/policy/domain/breaker';
import type { Plan } from '@/lib/policy/domain/plan';
import type { Candidate } from '@/lib/policy/domain/supplied';
import { NEVER } from '@/lib/policy/schema';
import type { Policy, RateTable } from '@/lib/policy/schema';

/** PLANS_MAX bounds how many resolved plans a set keeps; past it all are dropped and resolved again as needed. */
export const PLANS_MAX = 20_000;

type Holder = { byPattern: Map<string, Policy[]>; plans: Map<CompiledActionType, Plan> };

/**
 * PolicySet is policies indexed by whom and what they are for. What covers one action of one agent is resolved once into a
 * plan and kept, so that the cost of a decision does not grow with the number of policies. Never changed after it is made,
 * but for those plans, which are a memory and not a state.
 */
export type PolicySet = {
  readonly rates: RateTable;
  readonly organisation: Holder;
  readonly processes: ReadonlyMap<string, Holder>;
  readonly agents: ReadonlyMap<string, Holder>;
  readonly planned: { count: number; holders: Set<Holder> };
};

/**
 * compilePolicies indexes active policies. Throws when two have one id, or when a threshold is in a currency without a rate:
 * a set that does not compile must not decide.
 */
export function compilePolicies(policies: readonly Policy[], rates: RateTable): PolicySet {
  const organisation = newHolder();
  const processes = new Map<string, Holder>();
  const agents = new Map<string, Holder>();
  const ids = new Set<string>();
  for (const policy of policies) {
    if (ids.has(policy.id)) throw new Error(`two policies have the id ${policy.id}`);
    ids.add(policy.id);
    refuseUnratedCurrency(policy, rates);
    const { selector } = policy;
    if (selector.level === 'agent') addTo(holderOf(agents, selector.agent), policy);
    else if (selector.level === 'process') addTo(holderOf(processes, selector.process), policy);
    else addTo(organisation, policy);
  }
  return { rates, organisation, processes, agents, planned: { count: 0, holders: new Set() } };
}

function refuseUnratedCurrency(policy: Policy, rates: RateTable): void {
  for (const ladder of policy.ladders)
    if (ladder.dimension === 'money' && toBase(0n, ladder.currency, rates) === null)
      throw new Error(`policy ${policy.id} has a threshold in ${ladder.currency}, for which there is no rate`);
  const spend = policy.breaker?.spend;
  if (spend !== undefined && spend !== NEVER && toBase(0n, spend.currency, rates) === null)
    throw new Error(`policy ${policy.id} has a threshold in ${spend.currency}, for which there is no rate`);
}

const newHolder = (): Holder => ({ byPattern: new Map(), plans: new Map() });

function holderOf(holders: Map<string, Holder>, id: string): Holder {
  const held = holders.get(id);
  if (held !== undefined) return held;
  const fresh = newHolder();
  holders.set(id, fresh);
  return fresh;
}

function addTo(holder: Holder, policy: Policy): void {
  for (const pattern of policy.selector.actions) {
    const held = holder.byPattern.get(pattern);
    if (held === undefined) holder.byPattern.set(pattern, [policy]);
    else held.push(policy);
  }
}

/** breakerPlanFor answers when the circuit breaker of an agent and an action type opens. */
export const breakerPlanFor = (set: PolicySet, agent: GovernedAgent, type: CompiledActionType): BreakerPlan =>
  planFor(set, agent, type).breaker;

/** planFor returns what covers this action of this agent, from memory when it was asked before. */
export function planFor(set: PolicySet, agent: GovernedAgent, type: CompiledActionType): Plan {
  const ofAgent = set.agents.get(agent.id);
  const ofProcess = agent.processId === null ? undefined : set.processes.get(agent.processId);
  // Agents without policies of their own share the plans of their process, and those without either the organisation's.
  const holder = ofAgent ?? ofProcess ?? set.organisation;
  const known = holder.plans.get(type);
  if (known !== undefined && known.processId === (ofAgent === undefined ? null : agent.processId)) return known;

  const candidates: Candidate[] = [];
  if (ofAgent !== undefined) collect(candidates, ofAgent, type.name, 2);
  if (ofProcess !== undefined) collect(candidates, ofProcess, type.name, 1);
  collect(candidates, set.organisation, type.name, 0);
  const plan = buildPlan(candidates, type, set.rates, ofAgent === undefined ? null : agent.processId);
  // An unregistered name is the agent's to invent, so it must not fill the memory.
  if (type.judged !== null) remember(set, holder, type, plan, known === undefined);
  return plan;
}

function remember(set: PolicySet, holder: Holder, type: CompiledActionType, plan: Plan, fresh: boolean): void {
  const { planned } = set;
  if (planned.count >= PLANS_MAX) {
    for (const held of planned.holders) held.plans.clear();
    planned.holders.clear();
    planned.count = 0;
  }
  holder.plans.set(type, plan);
  planned.holders.add(holder);
  if (fresh) planned.count += 1;
}

const LEVEL_WEIGHT = 1_000;

/** collect adds a holder's policies that cover the action, each once, with its longest pattern; longer literal text is more specific. */
function collect(into: Candidate[], holder: Holder, action: string, level: 0 | 1 | 2): void {
  const seen = new Set<Policy>();
  for (const [pattern, literals] of patternsOf(action))
    for (const policy of holder.byPattern.get(pattern) ?? []) {
      if (seen.has(policy)) continue;
      seen.add(policy);
      into.push({ policy, specificity: level * LEVEL_WEIGHT + literals });
    }
}

/** patternsOf lists every pattern that covers an action with the length of its literal text, longest first. */
function patternsOf(action: string): [pattern: string, literals: number][] {
  const patterns: [string, number][] = [[action, action.length]];
  for (let dot = action.lastIndexOf('.'); dot > 0; dot = action.lastIndexOf('.', dot - 1))
    patterns.push([`${action.slice(0, dot)}.*`, dot + 1]);
  patterns.push(['*', 0]);
  return patterns;
}
