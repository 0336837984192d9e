import { findAccounts, findManagerId, type Tx, type User } from '@/lib/people/service';
import { listAccountable } from '@/lib/raci/service';
import { stages } from '@/lib/raci/schema';
import { findHoldings, findProcessHoldings, type AgentHolding } from '@/lib/registry/service';
import { heirOf, type Account, type Heir, type Household, type Thing } from '../../domain/succession';
import type { HeldType, MovedCell, Part } from '../../schema/succession';

/** Estate is one part of one thing of who leaves, with who takes it; undefined: nobody. `cells` are the stages that go along with a process. */
export type Estate = { type: HeldType; id: string; name: string; part: Part; heir: Heir | undefined; cells: MovedCell[] };

type Leaver = Pick<User, 'id' | 'personId'>;

export const accountOf = ({ id, personId, roles, status }: User): Account => ({ id, personId, roles, active: status === 'active' });

/**
 * estateOf answers all that somebody holds and who takes each when they leave: processes first, since an agent's last resort is the owner of its
 * process as it will be. The same for the page that asks beforehand and for the commit that does it.
 */
export async function estateOf(leaver: Leaver, tx: Tx): Promise<Estate[]> {
  const { agents, processes } = await findHoldings(leaver.id, tx);
  const owned = new Set(processes.map(({ id }) => id));
  const theirs = await listAccountable(tx, { userId: leaver.id });
  const elsewhere = [...new Set(theirs.map(({ processId }) => processId).filter((id) => !owned.has(id)))].sort();
  const others = await findProcessHoldings(elsewhere, tx);
  const accountable = await listAccountable(tx, { processIds: [...owned] });
  const managerId = await findManagerId(leaver.id, tx);
  const asked = [
    ...(managerId === null ? [] : [managerId]),
    ...accountable.map(({ userId }) => userId),
    ...others.map(({ ownerId }) => ownerId),
    ...agents.flatMap(({ successorIds, processOwnerId }) => [...successorIds, processOwnerId]),
  ];
  const accounts = new Map((await findAccounts(asked, leaver.personId, tx)).map((user) => [user.id, accountOf(user)]));
  const household: Household = { leaving: { ...leaver, managerId }, accounts };
  const cellsIn = (id: string): MovedCell[] =>
    theirs.filter(({ processId }) => processId === id).map(({ stage, agentId }) => ({ stage, agentId }));
  const give = (type: HeldType, { id, name }: { id: string; name: string }, thing: Thing, cells: MovedCell[] = []): Estate => ({
    type,
    id,
    name,
    part: thing.part,
    heir: heirOf(thing, household),
    cells,
  });
  const ofProcesses = [
    ...processes.map((process) => {
      const accountableIds = inOrder(accountable.filter(({ processId, agentId }) => processId === process.id && agentId === null));
      return give('process', process, { type: 'process', part: 'owner', builders: process.builders, accountableIds }, cellsIn(process.id));
    }),
    ...others.map((process) => give('process', process, { type: 'process', part: 'accountable', ...process }, cellsIn(process.id))),
  ];
  const newOwners = new Map(ofProcesses.flatMap(({ id, part, heir }) => (part === 'owner' && heir ? [[id, heir.to] as const] : [])));
  const ofAgents = agents.flatMap((agent) =>
    partsHeld(agent, leaver.id).map((part) => {
      const ownerId = newOwners.get(agent.processId) ?? agent.processOwnerId;
      return give('agent', agent, { type: 'agent', part, builders: agent.builders, successorIds: agent.successorIds, ownerId });
    }),
  );
  return [...ofProcesses, ...ofAgents];
}

const inOrder = (cells: readonly { stage: string; userId: string }[]): string[] => [
  ...new Set(stages.flatMap((stage) => cells.filter((cell) => cell.stage === stage).map(({ userId }) => userId))),
];

/** partsHeld lists which parts of an agent an account holds. */
export function partsHeld(agent: AgentHolding, userId: string): ('owner' | 'sponsor' | 'technical_owner')[] {
  const holders = { owner: agent.ownerId, sponsor: agent.sponsorId, technical_owner: agent.technicalOwnerId };
  return (['owner', 'sponsor', 'technical_owner'] as const).filter((part) => holders[part] === userId);
}
