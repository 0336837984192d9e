import type { Actor } from '@/lib/ledger/schema';
import { appendEvent } from '@/lib/ledger/service';
import type { Tx } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { lockAgent } from '../store/agents';
import * as store from '../store/holders';
import { lockProcess } from '../store/processes';

export type { AgentHandOver, AgentHolding, AgentPart, ProcessHolding } from '../store/holders';

/** Holdings is what one account answers for: agents it owns, sponsors or runs, and processes it owns. */
export type Holdings = { agents: store.AgentHolding[]; processes: store.ProcessHolding[] };

/** findHoldings answers what an account holds, also when it was deactivated. */
export async function findHoldings(userId: string, tx?: Tx): Promise<Holdings> {
  const db = tx ?? prisma();
  const agents = await store.listHeldAgents(db, userId);
  return { agents, processes: await store.listProcessHoldings(db, { ownedBy: userId }) };
}

/** lockHoldings holds all that an account holds, and every process in whose matrix it is Accountable, until the transaction ends. */
export const lockHoldings = (tx: Tx, userId: string): Promise<void> => store.lockHoldings(tx, userId);

/** findProcessHoldings answers these processes with who owns them and who built in them. */
export const findProcessHoldings = (ids: readonly string[], tx?: Tx): Promise<store.ProcessHolding[]> =>
  store.listProcessHoldings(tx ?? prisma(), { ids });

/** holdAgentParts takes one agent for a change of who holds it; undefined when there is none. */
export const holdAgentParts = async (tx: Tx, id: string): Promise<store.AgentHolding | undefined> =>
  (await lockAgent(tx, id)) ? store.findAgentHolding(tx, id) : undefined;

/** holdProcessOwner takes one process for a change of its owner; undefined when there is none. */
export const holdProcessOwner = async (tx: Tx, id: string): Promise<store.ProcessHolding | undefined> =>
  (await lockProcess(tx, id)) ? (await store.listProcessHoldings(tx, { ids: [id] }))[0] : undefined;

/**
 * handOverAgents gives parts of held agents to other people, all of them or it throws: whoever calls it holds the rows and appends an event that
 * moves the epoch for each. Each agent's version counts one edit.
 */
export async function handOverAgents(tx: Tx, moves: readonly store.AgentHandOver[]): Promise<void> {
  const agents = new Set(moves.map(({ agentId }) => agentId)).size;
  if (agents === 0) return;
  const moved = await store.moveAgentParts(tx, moves);
  if (moved.length !== agents) throw new Error(`${agents} held agents were to change hands and ${moved.length} did`);
}

export type ProcessHandOver = { processId: string; from: string; to: string; cells?: readonly { stage: string; agentId: string | null }[] };

/**
 * handOverProcess gives a held process to another owner, with the event that makes them Accountable for what the old one was (lib/wiring.ts), or for
 * `cells` alone when they are named.
 */
export async function handOverProcess(tx: Tx, actor: Actor, { processId, from, to, cells }: ProcessHandOver): Promise<void> {
  if ((await store.moveProcessOwner(tx, processId, from, to)) !== 1) throw new Error('a held process changed its owner');
  const data = { changed: ['owner'], owner_before: from, owner_after: to, ...(cells ? { cells } : {}) };
  await appendEvent(tx, { kind: 'process.changed', actor, subject: { type: 'process', id: processId }, data });
}
