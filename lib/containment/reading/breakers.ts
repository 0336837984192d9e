import { z } from 'zod';
import { samePerson } from '@/lib/people/domain';
import { listUsers, type User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { policyKey, readPolicyNames } from '@/lib/policy/reading';
import { readActionNames, readAgentNames, readProcessNames } from '@/lib/registry/reading';
import { breakerState, mayResetBreaker, observedWords, thresholdWords } from '../domain';
import {
  BreakerCause,
  BreakerFacts,
  breakerHistoryMax,
  breakersListMax,
  undeclaredActions,
  type BreakerEvent,
  type BreakerItem,
} from '../schema';
import * as store from '../store/breakers';
import { counterOf } from '../domain/probes';

const titleOfUndeclared = 'Anything nobody registered';

/** readBreakers gives the breakers that are open or half-open now, of one agent or of all, the newest first, with what a person may do about each. */
export async function readBreakers(person: User, agentId?: string): Promise<BreakerItem[]> {
  const breakers = await store.listOpen(prisma(), agentId, breakersListMax);
  if (breakers.length === 0) return [];
  const [agents, actions, people, policies, used] = await Promise.all([
    readAgentNames(breakers.map((breaker) => breaker.agentId)),
    readActionNames(breakers.map(({ actionType }) => actionType)),
    listUsers(),
    readPolicyNames(breakers.flatMap(({ facts }) => (facts.policy ? [facts.policy] : []))),
    store.countUsedOf(prisma(), breakers.map(counterOf)),
  ]);
  const processes = await readProcessNames([...agents.values()].map(({ processId }) => processId));
  const now = new Date();
  return breakers.map((breaker) => {
    const agent = agents.get(breaker.agentId);
    const process = processes.get(agent?.processId ?? '');
    const owner = people.find(({ id }) => id === process?.ownerId);
    const { facts, cause, actionType } = breaker;
    return {
      agent: { id: breaker.agentId, name: agent?.name ?? breaker.agentId },
      process: { id: process?.id ?? '', name: process?.name ?? '' },
      actionType,
      title: actionType === undeclaredActions ? titleOfUndeclared : (actions.get(actionType)?.title ?? actionType),
      state: breakerState(breaker, now) === 'open' ? 'open' : 'half_open',
      cause,
      observed: observedWords(cause, facts),
      threshold: thresholdWords(cause, facts),
      again: facts.again ?? null,
      policy: facts.policy && { ...facts.policy, name: policies.get(policyKey(facts.policy.id, facts.policy.version)) ?? facts.policy.id },
      openedAt: breaker.openedAt.toISOString(),
      probeAt: breaker.probeAt.toISOString(),
      probes: breaker.probes,
      used: Math.min(used.get(counterOf(breaker)) ?? 0, breaker.probes),
      times: breaker.times,
      mayReset: mayResetBreaker(person, owner !== undefined && samePerson(owner, person)),
    };
  });
}

/** countOpenBreakers counts the breakers that are open or half-open now. */
export const countOpenBreakers = (): Promise<number> => store.countOpen(prisma());

const Said = z.object({
  actor: z.object({ type: z.string(), id: z.string() }),
  data: z.object({
    action_type: z.string(),
    cause: BreakerCause.optional().catch(undefined),
    facts: BreakerFacts.optional().catch(undefined),
    by: z.string().optional(),
  }),
});

/** readBreakerHistory gives when an agent's breakers opened and closed, and why, from the ledger, newest first. */
export async function readBreakerHistory(agentId: string): Promise<BreakerEvent[]> {
  const rows = await store.listBreakerEvents(prisma(), agentId, breakerHistoryMax);
  if (rows.length === 0) return [];
  const nameOf = new Map((await listUsers()).map(({ id, name }) => [id, name]));
  return rows.flatMap((row) => {
    const said = Said.safeParse(JSON.parse(row.payload));
    return said.success ? [eventOf(row, said.data, nameOf)] : [];
  });
}

function eventOf(
  { seq, at, kind }: store.BreakerRow,
  { actor, data }: z.infer<typeof Said>,
  nameOf: ReadonlyMap<string, string>,
): BreakerEvent {
  const { cause = null, facts } = data;
  const told = cause !== null && facts !== undefined && kind === 'breaker.opened' ? { cause, facts } : undefined;
  const closed = data.by === 'person' ? 'reset' : 'recovered';
  return {
    seq: String(seq),
    at: at.toISOString(),
    actionType: data.action_type,
    change: kind === 'breaker.closed' ? closed : facts?.again === undefined ? 'opened' : 'opened_again',
    cause,
    observed: told ? observedWords(told.cause, told.facts) : null,
    threshold: told ? thresholdWords(told.cause, told.facts) : null,
    by: data.by === 'person' ? { id: actor.id, name: nameOf.get(actor.id) ?? actor.id } : null,
  };
}
