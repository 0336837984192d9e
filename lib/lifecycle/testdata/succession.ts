import { newId } from '@/lib/kernel/ids';
import { appendEvents } from '@/lib/ledger/service';
import { inTransaction } from '@/lib/people/service';
import { setup, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { createProcess } from '@/lib/registry/service';

export type AgentOf = {
  process: string;
  owner: TestPerson;
  sponsor?: TestPerson;
  technical?: TestPerson;
  successors?: readonly TestPerson[];
  /** Who wrote its record. */
  author?: TestPerson;
  status?: string;
};

/** agentsOf records agents of one owner, active unless said otherwise, as if somebody had registered them; answers their ids in order. */
export async function agentsOf(of: AgentOf, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId('agt')).sort();
  await inTransaction(async (tx) => {
    await tx.agent.createMany({
      data: ids.map((id) => ({
        id,
        name: `Agent ${id.slice(-4)}`,
        purpose: 'Testing',
        processId: of.process,
        ownerId: of.owner.id,
        sponsorId: of.sponsor?.id ?? null,
        technicalOwnerId: of.technical?.id ?? null,
        successorIds: (of.successors ?? []).map((each) => each.id),
        status: of.status ?? 'active',
        registeredBy: of.author?.id ?? null,
        editors: of.author ? [of.author.personId] : [],
      })),
    });
    await appendEvents(
      tx,
      ids.map((id) => ({ kind: 'agent.registered', actor: setup, subject: { type: 'agent', id }, data: { process: of.process } })),
    );
  });
  return ids;
}

/** agentOf is agentsOf for one. */
export async function agentOf(of: AgentOf): Promise<string> {
  const [id] = await agentsOf(of, 1);
  if (id === undefined) throw new Error('no agent was made');
  return id;
}

/** processOf records a process of this owner. */
export async function processOf({ id }: TestPerson): Promise<string> {
  const made = await createProcess(setup, { name: `Process of ${id}`, ownerId: id });
  if (!made.ok) throw new Error(made.code);
  return made.process.id;
}

/** managedBy makes somebody the manager of another, as an administrator could. */
export const managedBy = async (whom: TestPerson, manager: TestPerson): Promise<void> => {
  await prisma().user.update({ where: { id: whom.id }, data: { managerId: manager.id } });
};

/** successionsOf reads what became of one thing, oldest first. */
export const successionsOf = (subjectId: string) =>
  prisma().succession.findMany({ where: { subjectId }, orderBy: [{ at: 'asc' }, { id: 'asc' }] });
