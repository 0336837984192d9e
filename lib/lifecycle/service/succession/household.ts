import { findAccounts, findManagerId, type Tx, type User } from '@/lib/people/service';
import { stages } from '@/lib/raci/schema';
import { listAccountable, type AccountableCell } from '@/lib/raci/service';
import { findHoldings, findProcessHoldings, type AgentHolding, type Holdings, type ProcessHolding } from '@/lib/registry/service';
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
  const holdings = await findHoldings(leaver.id, tx);
  const owned = holdings.processes.map(({ id }) => id);
  const theirs = await listAccountable(tx, { userId: leaver.id });
  const elsewhere = [...new Set(theirs.map(({ processId }) => processId).filter((id) => !owned.includes(id)))].sort();
  const others = await findProcessHoldings(elsewhere, tx);
  const accountable = await listAccountable(tx, { processIds: owned });
  const household = await householdOf(leaver, { ...holdings, others, accountable }, tx);
  const ofProcesses = [
    ...holdings.processes.map(({ id, name, editors }): Given => {
      const accountableIds = inOrder(accountable.filter(({ processId, agentId }) => processId === id && agentId === null));
      return { id, name, thing: { type: 'process', part: 'owner', editors, accountableIds }, cells: cellsIn(id, theirs) };
    }),
    ...others.map(({ id, name, editors, ownerId }): Given => {
      return { id, name, thing: { type: 'process', part: 'accountable', editors, ownerId }, cells: cellsIn(id, theirs) };
    }),
  ].map((given) => inherit(given, household));
  const newOwners = new Map(ofProcesses.flatMap(({ id, part, heir }) => (part === 'owner' && heir ? [[id, heir.to] as const] : [])));
  const ofAgents = holdings.agents.flatMap((agent) => {
    const ownerId = newOwners.get(agent.processId) ?? agent.processOwnerId;
    const { id, name, editors, successorIds } = agent;
    return partsHeld(agent, leaver.id).map((part): Given => ({
      id,
      name,
      thing: { type: 'agent', part, editors, successorIds, ownerId },
      cells: [],
    }));
  });
  return [...ofProcesses, ...ofAgents.map((given) => inherit(given, household))];
}

type Given = { id: string; name: string; thing: Thing; cells: MovedCell[] };
const inherit = ({ id, name, thing, cells }: Given, household: Household): Estate => ({
  type: thing.type,
  id,
  name,
  part: thing.part,
  heir: heirOf(thing, household),
  cells,
});

type Asked = Holdings & { others: readonly ProcessHolding[]; accountable: readonly AccountableCell[] };

/** Everybody who could take something, read once for all of it. */
async function householdOf(leaver: Leaver, { agents, others, accountable }: Asked, tx: Tx): Promise<Household> {
  const managerId = await findManagerId(leaver.id, tx);
  const asked = [
    ...(managerId === null ? [] : [managerId]),
    ...accountable.map(({ userId }) => userId),
    ...others.map(({ ownerId }) => ownerId),
    ...agents.flatMap(({ successorIds, processOwnerId }) => [...successorIds, processOwnerId]),
  ];
  const users = await findAccounts(asked, leaver.personId, tx);
  return { leaving: { ...leaver, managerId }, accounts: new Map(users.map((user) => [user.id, accountOf(user)])) };
}

const cellsIn = (id: string, cells: readonly AccountableCell[]): MovedCell[] =>
  cells.filter(({ processId }) => processId === id).map(({ stage, agentId }) => ({ stage, agentId }));

const inOrder = (cells: readonly { stage: string; userId: string }[]): string[] => [
  ...new Set(stages.flatMap((stage) => cells.filter((cell) => cell.stage === stage).map(({ userId }) => userId))),
];

/** partsHeld lists which parts of an agent an account holds. */
export function partsHeld(agent: AgentHolding, userId: string): ('owner' | 'sponsor' | 'technical_owner')[] {
  const holders = { owner: agent.ownerId, sponsor: agent.sponsorId, technical_owner: agent.technicalOwnerId };
  return (['owner', 'sponsor', 'technical_owner'] as const).filter((part) => holders[part] === userId);
}
