import { newId } from '@/lib/kernel/ids';
import { appendEvents } from '@/lib/ledger/service';
import { inTransaction } from '@/lib/people/service';
import { setup, type TestPerson } from '@/lib/people/testdata/people';
import { withClient } from '@/lib/platform/db';
import { prisma } from '@/lib/platform/db/prisma';
import { createProcess } from '@/lib/registry/service';

export type AgentOf = {
  process: string;
  owner: TestPerson;
  sponsor?: TestPerson;
  technical?: TestPerson;
  successors?: readonly TestPerson[];
  /** Who registered it. */
  author?: TestPerson;
  /** Who wrote in its record besides. */
  editor?: TestPerson;
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
        editors: [of.author, of.editor].flatMap((who) => who?.personId ?? []),
      })),
    });
    await appendEvents(
      tx,
      ids.map((id) => ({ kind: 'agent.registered', actor: setup, subject: { type: 'agent', id }, data: { process: of.process } })),
    );
  });
  return ids;
}

/**
 * estateAsIf gives an account as many agents, or processes, as if it had had them for long: thousands are too many to record one by one. Past every
 * trigger, so `url` is the superuser's.
 */
export async function estateAsIf(
  url: string,
  { process, owner, successor }: { process: string; owner: TestPerson; successor?: TestPerson },
  many: { agents: number } | { processes: number },
): Promise<void> {
  const successors = successor ? [successor.id] : [];
  await withClient(url, async (client) => {
    await client.query('SET session_replication_role = replica');
    if ('processes' in many)
      await client.query(
        `INSERT INTO processes (id, name, owner_id) SELECT 'prc_' || $1 || n, 'Process', $1 FROM generate_series(1, $2::int) n`,
        [owner.id, many.processes],
      );
    else
      await client.query(
        `INSERT INTO agents (id, name, purpose, process_id, owner_id, successor_ids, status)
         SELECT 'agt_' || $1 || lpad(n::text, 6, '0'), 'Agent', 'Testing', $2, $1, $3, 'active' FROM generate_series(1, $4::int) n`,
        [owner.id, process, successors, many.agents],
      );
  });
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
