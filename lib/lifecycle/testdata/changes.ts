import type { Actor } from '@/lib/people/service';
import { findUser } from '@/lib/people/service';
import type { AgentFields } from '@/lib/registry/schema';
import { findAgent } from '@/lib/registry/service';
import { readChange } from '../reading/change-requests';
import type { ChangeCard } from '../schema/change-requests';
import { approveChange, requestChange, type AskOutcome, type DecideOutcome } from '../service/change-requests';

/** ask asks for a change of an agent as it stands. */
export async function ask(actor: Actor, agentId: string, changes: Partial<AgentFields>, reason = 'It is needed.'): Promise<AskOutcome> {
  const agent = await findAgent(agentId);
  if (!agent) throw new Error(`no agent ${agentId}`);
  return requestChange(actor, agentId, { version: agent.version, fields: { ...agent, ...changes }, reason });
}

/** asked is ask that must be taken in; answers the request's id. */
export async function asked(actor: Actor, agentId: string, changes: Partial<AgentFields>): Promise<string> {
  const outcome = await ask(actor, agentId, changes);
  if (!outcome.ok) throw new Error(outcome.code);
  return outcome.id;
}

/** cardOf is a request as an account sees it. */
export async function cardOf(userId: string, id: string): Promise<ChangeCard> {
  const user = await findUser(userId);
  const card = user && (await readChange(user, id));
  if (!card) throw new Error(`no request ${id}`);
  return card;
}

/** approveShown approves what the card shows now. */
export async function approveShown(actor: { type: 'user' | 'operator'; id: string }, id: string): Promise<DecideOutcome> {
  return approveChange(actor, id, (await cardOf(actor.id, id)).digest);
}
