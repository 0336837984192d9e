import { countHalts, readAuthorisations, readHalts, type HaltRow } from '@/lib/containment/reading';
import { may } from '@/lib/people/permissions';
import { listUsers, type User } from '@/lib/people/service';
import { readEvent } from '@/lib/ledger/reading';
import { readAgentNames, readProcessNames } from '@/lib/registry/reading';
import { haltsPageMax, type Halt, type HaltPage, type HaltQuery } from './schema';
import { named, tellDecisions } from './sentences';

/** listHaltedWorkflows gives halts newest first: those in force, or all, with who may release them. */
export async function listHaltedWorkflows(person: User, query: HaltQuery): Promise<HaltPage> {
  const [found, inForce] = await Promise.all([
    readHalts({ inForce: query.show === 'in_force', before: query.before, limit: haltsPageMax + 1 }),
    countHalts(),
  ]);
  const rows = found.slice(0, haltsPageMax);
  return { halts: await tellHalts(person, rows), next: found.length > haltsPageMax ? (rows.at(-1)?.decisionId ?? null) : null, inForce };
}

/** readHalt gives the halt that a decision made; null when it made none. */
export async function readHalt(person: User, decisionId: string): Promise<Halt | null> {
  const rows = await readHalts({ inForce: false, decision: decisionId, limit: 1 });
  return (await tellHalts(person, rows))[0] ?? null;
}

async function tellHalts(person: User, rows: readonly HaltRow[]): Promise<Halt[]> {
  if (rows.length === 0) return [];
  const seqs = await Promise.all(rows.map(async (row) => (row.seq > 0n ? row.seq : ((await readEvent(row.decisionId))?.seq ?? 0n))));
  const [told, authorisations, people, agents] = await Promise.all([
    tellDecisions(person, seqs),
    readAuthorisations(person, seqs),
    listUsers(),
    readAgentNames(rows.map((row) => row.agentId)),
  ]);
  const processes = await readProcessNames([...told.values()].map(({ payload }) => payload.process));
  const nameOf = new Map(people.map((user) => [user.id, user.name]));
  const releasers = people
    .filter((user) => user.status === 'active' && may(user, 'workflow:release'))
    .map(({ id, name }) => ({ id, name }));
  return rows.map((row, i) => {
    const decision = told.get(seqs[i] ?? 0n);
    const process = decision?.payload.process;
    const authorisation = authorisations.get(row.decisionId);
    return {
      decisionId: row.decisionId,
      workflow: row.workflowId,
      agent: named(row.agentId, agents.get(row.agentId)?.name),
      process: process === undefined ? null : named(process, processes.get(process)?.name),
      action: decision?.payload.action ?? '',
      sentence: decision?.sentence ?? 'An action that cannot be read',
      because: decision?.payload.reasons.find(({ tier }) => tier === 4)?.text ?? decision?.payload.reasons[0]?.text ?? '',
      haltedAt: row.haltedAt.toISOString(),
      heldBack: row.heldBack,
      released:
        row.releasedAt === null
          ? null
          : {
              at: row.releasedAt.toISOString(),
              by: named(row.releasedBy ?? '', nameOf.get(row.releasedBy ?? '')),
              // What a person wrote is shown to those who read arguments, as on the event itself.
              reason: may(person, 'arguments:read') ? row.releaseReason : null,
            },
      mayRelease: row.releasedAt === null && may(person, 'workflow:release'),
      releasers,
      once: authorisation?.view ?? null,
      digest: authorisation?.digest ?? null,
    };
  });
}
