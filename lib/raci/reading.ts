import { z } from 'zod';
import { readUnsealed } from '@/lib/ledger/reading';
import { EventPayload } from '@/lib/ledger/schema';
import { may } from '@/lib/people/permissions';
import { prisma } from '@/lib/platform/db/prisma';
import { findProcess, listProcesses } from '@/lib/registry/service';
import { gapsOf, rowsOf } from './domain';
import { CellChange, type Gap, type MatrixView, type ProcessEvent, type ProcessItem } from './schema';
import { factsOf } from './service/facts';
import { listCells, listHistory, listPeople, type ProcessCell } from './store';

/** Changes shown in the history of a process. */
export const historyMax = 100;

/** Gaps of a process's matrix and of the exceptions of every agent in it. */
function allGaps(cells: readonly ProcessCell[], facts: Parameters<typeof gapsOf>[2]): Gap[] {
  const scopes = [null, ...new Set(cells.flatMap(({ agentId }) => agentId ?? []))];
  return scopes.flatMap((agentId) => gapsOf(agentId, rowsOf(cells.filter((cell) => cell.agentId === agentId)), facts));
}

/** listProcessItems answers every process with its owner, how many agents work in it and how many gaps its matrix has, by name. */
export async function listProcessItems(): Promise<ProcessItem[]> {
  const db = prisma();
  const [processes, cells, facts] = await Promise.all([listProcesses(), listCells(db), factsOf(db)]);
  const items = processes.map((process): ProcessItem => {
    const agents = facts.agents.filter(({ processId }) => processId === process.id);
    const owner = facts.people.find(({ id }) => id === process.ownerId);
    return {
      id: process.id,
      name: process.name,
      description: process.description,
      owner: { id: process.ownerId, name: owner?.name ?? process.ownerId, active: owner?.active ?? false },
      agents: agents.filter(({ status }) => status !== 'decommissioned' && status !== 'rejected').length,
      gaps: allGaps(
        cells.filter(({ processId }) => processId === process.id),
        { ...facts, agents },
      ).length,
    };
  });
  return items.sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1));
}

/** readMatrix answers the matrix of a process with all that its page needs; undefined when there is no such process. */
export async function readMatrix(processId: string): Promise<MatrixView | undefined> {
  const db = prisma();
  const process = await findProcess(processId);
  if (!process) return undefined;
  const [cells, { holders, ...facts }] = await Promise.all([listCells(db, processId), factsOf(db, processId)]);
  const ofAgent = (agentId: string | null) => rowsOf(cells.filter((cell) => cell.agentId === agentId));
  return {
    process,
    rows: ofAgent(null),
    agents: facts.agents.map((agent) => ({ ...agent, exceptions: ofAgent(agent.id) })),
    people: facts.people,
    teams: facts.teams,
    gaps: allGaps(cells, facts),
    fixers: holders.filter((person) => person.active && may(person, 'raci:manage')).map(({ id, name }) => ({ id, name })),
  };
}

/** readGaps answers what is missing in the matrix of a process. */
export async function readGaps(processId: string): Promise<Gap[]> {
  const db = prisma();
  const [cells, facts] = await Promise.all([listCells(db, processId), factsOf(db, processId)]);
  return allGaps(cells, facts);
}

const Data = z.object({
  agent: z.string().nullable().catch(null),
  changes: z.array(CellChange).catch([]),
  changed: z.array(z.string()).catch([]),
});

/** readHistory answers the latest changes of a process and its matrix, newest first, as the ledger has them. */
export async function readHistory(processId: string): Promise<ProcessEvent[]> {
  const seqs = await listHistory(prisma(), processId, historyMax);
  const found = await readUnsealed(seqs);
  return seqs.flatMap((seq): ProcessEvent[] => {
    const row = found.get(seq);
    const payload = EventPayload.safeParse(row?.event.payload);
    if (!row || !payload.success) return [];
    const { agent, changes, changed } = Data.parse(payload.data.data);
    const { kind, id: eventId, actor } = payload.data;
    return [{ seq: String(seq), at: row.event.at.toISOString(), eventId, kind, actorId: actor.id, agentId: agent, changes, changed }];
  });
}

/** listOwners answers who may own a process: active people with that role, by name. */
export async function listOwners(): Promise<{ id: string; name: string }[]> {
  const people = await listPeople(prisma());
  return people.filter(({ active, roles }) => active && roles.includes('process_owner')).map(({ id, name }) => ({ id, name }));
}
