import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { lockActor, type Actor, type Doer, type Tx } from '@/lib/people/service';
import { listAccountable } from '@/lib/raci/service';
import { hasBuilt } from '@/lib/registry/domain/lifecycle';
import {
  handOverAgents,
  handOverProcess,
  holdAgentParts,
  holdProcessOwner,
  type AgentHolding,
  type ProcessHolding,
} from '@/lib/registry/service';
import { heirRoles, ownerRoles, whyNotHold } from '../../domain/succession';
import type { HandOverRefusal, HeldRef, HeldType, MovedCell, Part } from '../../schema/succession';
import * as store from '../../store/succession';
import { accountOf } from './household';

type PartOf = HeldRef['part'];
type ThingHeld = { type: 'agent'; agent: AgentHolding } | { type: 'process'; process: ProcessHolding };
export type HandOver = { type: HeldType; id: string; part: PartOf; from: string; to: string };

export const holderOf = (agent: AgentHolding, part: PartOf): string | null =>
  ({ owner: agent.ownerId, sponsor: agent.sponsorId, technical_owner: agent.technicalOwnerId })[part];

/** The states in which nothing of an agent was reviewed yet, so that who writes it may name its owner. */
const unreviewed: readonly string[] = ['draft', 'rejected'];

/** Whether a person restores what was, or names somebody anew: who leads may be given back what they had inherited. */
type Naming = 'anew' | 'back';

/**
 * whyNotHandOver holds the thing and answers why it does not change hands, refusals in the order a person would ask; undefined: it may, and whoever
 * takes it stays active until the transaction ends. People are held before things, as everywhere.
 */
export async function whyNotHandOver(
  tx: Tx,
  doer: Doer,
  { type, id, part, from, to }: HandOver,
  naming: Naming,
): Promise<HandOverRefusal | undefined> {
  const taker = await lockActor(tx, to);
  const held = await hold(tx, type, id);
  if (!held) return 'NOT_FOUND';
  if (held.type === 'agent' && held.agent.status === 'decommissioned') return 'WRONG_STATE';
  if (held.type === 'process' && part !== 'owner') return 'NOT_FOUND';
  const holder = held.type === 'agent' ? holderOf(held.agent, part) : held.process.ownerId;
  if (holder === to) return 'ALREADY_THEIRS';
  if (holder !== from) return 'CHANGED_MEANWHILE';
  const { editors } = held.type === 'agent' ? held.agent : held.process;
  const reviewed = held.type === 'process' || !unreviewed.includes(held.agent.status);
  // Who owns or vouches for what was reviewed is not for who built it to say; who runs it is no change of what was reviewed.
  if (part !== 'technical_owner' && reviewed && hasBuilt(doer, { editors })) return 'OWN_AGENT';
  return whyNotHold({ type, part, editors }, taker && accountOf(taker), naming === 'back' ? heirRoles : ownerRoles);
}

async function hold(tx: Tx, type: HeldType, id: string): Promise<ThingHeld | undefined> {
  if (type === 'agent') {
    const agent = await holdAgentParts(tx, id);
    return agent && { type, agent };
  }
  const process = await holdProcessOwner(tx, id);
  return process && { type, process };
}

/** carryOver gives a held thing to another person; `cells` are the stages that go along with a process, all of them unless named. Answers which did. */
export async function carryOver(tx: Tx, actor: Actor, { type, id, part, from, to }: HandOver, cells?: MovedCell[]): Promise<MovedCell[]> {
  if (type === 'agent') {
    await handOverAgents(tx, [{ agentId: id, part, from, to }]);
    return [];
  }
  const theirs = await listAccountable(tx, { processIds: [id] });
  const moving = cells ?? theirs.filter(({ userId }) => userId === from).map(({ stage, agentId }) => ({ stage, agentId }));
  await handOverProcess(tx, actor, { processId: id, from, to, cells: moving });
  return moving;
}

/** tellReassigned writes the row and the event of something that a person gave to another. */
export async function tellReassigned(
  tx: Tx,
  actor: Actor,
  { type, id, part, from, to }: HandOver,
  cells: MovedCell[],
  reason: string,
): Promise<void> {
  const succession = newId('suc');
  await store.insertSuccessions(tx, [
    {
      id: succession,
      subjectType: type,
      subjectId: id,
      part: part satisfies Part,
      fromUser: from,
      toUser: to,
      how: 'reassigned',
      by: actor.id,
      cells,
      graceUntil: null,
    },
  ]);
  await appendEvent(tx, {
    kind: 'ownership.reassigned',
    actor,
    subject: { type, id },
    data: { succession, part, from, to },
    sealed: { text: reason },
  });
}
