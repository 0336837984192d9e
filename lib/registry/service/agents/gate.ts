import { lockActor, findUser, type Tx, type User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { activationGaps, activationWarnings, coverageOf, gapsOpened, type ActivationFacts } from '../../domain/lifecycle';
import type { ActivationGap, ActivationWarning, Agent, AgentFields } from '../../schema';
import { findActionStatuses } from '../../store/actions';
import * as store from '../../store/agents';

/** How many stages a decision's life has (lib/raci/schema.ts, which is built on this feature). */
const stageCount = 8;

type Reader = Parameters<typeof store.findAgent>[0];
type FindPerson = (id: string) => Promise<User | undefined>;

async function factsOf(db: Reader, agent: Agent, find: FindPerson): Promise<ActivationFacts> {
  const accountable = await store.listAccountable(db, agent.processId, agent.id);
  const ids = [agent.ownerId, ...(agent.sponsorId === null ? [] : [agent.sponsorId]), ...accountable.map(({ userId }) => userId)];
  const people = new Map<string, { name: string; active: boolean }>();
  for (const id of [...new Set(ids)].sort()) {
    const person = await find(id);
    people.set(id, { name: person?.name ?? id, active: person?.status === 'active' });
  }
  const personOf = (id: string) => people.get(id) ?? { name: id, active: false };
  return {
    agent,
    owner: personOf(agent.ownerId),
    sponsor: agent.sponsorId === null ? undefined : personOf(agent.sponsorId),
    accountable: accountable.map(({ userId }) => personOf(userId)),
    stagesWithout: stageCount - accountable.length,
    hasCredential: await store.hasLiveCredential(db, agent.id),
    actionTypes: await findActionStatuses(db, agent.permissions),
    coverage: coverageOf(agent.permissions, await store.listCovering(db, agent.processId, agent.id)),
    reviewed: agent.reviewedAt !== null,
  };
}

/** gapsOf is the gate as the server asks it: the people it counts on stay active until the transaction ends. */
export async function gapsOf(tx: Tx, agent: Agent): Promise<ActivationGap[]> {
  // A person who has left cannot be held, but is still named.
  const held = async (id: string): Promise<User | undefined> => (await lockActor(tx, id)) ?? findUser(id, tx);
  return activationGaps(await factsOf(tx, agent, held));
}

/** readGate is the same gate as a page shows it: what is missing now, and what should be known. */
export async function readGate(agent: Agent): Promise<{ gaps: ActivationGap[]; warnings: ActivationWarning[] }> {
  const facts = await factsOf(prisma(), agent, (id) => findUser(id));
  return { gaps: activationGaps(facts), warnings: activationWarnings(facts) };
}

/** gapsOfChange lists what a changed record would leave missing that is not missing now, asked as gapsOf asks. */
export async function gapsOfChange(tx: Tx, agent: Agent, wanted: AgentFields): Promise<ActivationGap[]> {
  return gapsOpened(await gapsOf(tx, agent), await gapsOf(tx, { ...agent, ...wanted }));
}

/** readGapsOfChange is gapsOfChange as a page shows it. */
export async function readGapsOfChange(agent: Agent, wanted: AgentFields): Promise<ActivationGap[]> {
  const [before, after] = await Promise.all([readGate(agent), readGate({ ...agent, ...wanted })]);
  return gapsOpened(before.gaps, after.gaps);
}
