import { may } from '@/lib/people/permissions';
import { findUser, type Actor, type PersonActor, type SystemActor, type Tx } from '@/lib/people/service';
import { findAgent, registerAgent } from '@/lib/registry/service';
import type { Agent } from '@/lib/registry/schema';
import type { DrillAgent } from '../../domain';
import { drillAgentId, drillAgentName, type DrillTarget, type KillScope } from '../../schema';
import { findKillsOf } from '../../store/reading';

/** Countersign itself, where no person presses: a drill that is due, and the end of every drill. */
export const jobs: SystemActor = { type: 'system', id: 'jobs' };
/** Who registers the drill agent: nobody builds it, so that its process's owner may answer for it. */
const registrar: Actor = { type: 'system', id: 'setup' };

const purpose =
  'Does nothing. It is registered so that kill drills have something to stop, and is never given a credential or a permission.';

/**
 * agentOf answers which agent a target means, and registers the drill agent in the process that is named where there is none yet: a draft, since it never
 * acts, and a stop reaches gateways whatever state its agent is in. Undefined when there is no such process, or this person manages no drills.
 */
export async function agentOf(actor: PersonActor, target: DrillTarget): Promise<string | undefined> {
  if ('agent' in target) return target.agent;
  const person = await findUser(actor.id);
  if (person?.status !== 'active' || !may(person, 'drills:manage')) return undefined;
  if (await findAgent(drillAgentId)) return drillAgentId;
  const made = await registerAgent(registrar, {
    id: drillAgentId,
    name: drillAgentName,
    purpose,
    processId: target.process,
    environment: 'development',
    riskCategory: 'minimal',
  });
  return made.ok || made.code === 'ID_TAKEN' ? drillAgentId : undefined;
}

/** speaksFor tells whether somebody said that the agent really stops who may say so still: nobody's word outlasts their place here. */
export async function speaksFor(tx: Tx, userId: string | null): Promise<boolean> {
  const person = userId === null ? undefined : await findUser(userId, tx);
  return person?.status === 'active' && may(person, 'drills:manage');
}

/** Stops of single actions leave an agent its others, so they are not in a drill's way; nor is the stop of another drill. */
const wholly: readonly KillScope[] = ['agent', 'process', 'organisation'];

/** standingOf is what a drill has to know of the agent it is to stop. */
export async function standingOf(tx: Tx, agent: Agent): Promise<DrillAgent> {
  return {
    inService: agent.status === 'active' || agent.status === 'suspended',
    ended: agent.status === 'decommissioned' || agent.status === 'rejected',
    stopped: (await findKillsOf(tx, agent.id)).some(({ scope, drillId }) => drillId === null && wholly.includes(scope)),
  };
}
