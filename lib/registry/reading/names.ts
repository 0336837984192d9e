import { prisma } from '@/lib/platform/db/prisma';
import { z } from 'zod';
import { Classification } from '../schema';

/** What pages say of an agent. */
export type AgentName = { id: string; name: string; ownerId: string; processId: string };
/** What pages say of an action type. `sentence` is its template, when its document has one. */
export type ActionName = { name: string; title: string; classification: Classification | null; sentence?: string };

const Document = z.object({ classification: Classification.nullable().catch(null), sentence: z.string().optional().catch(undefined) });

/** Agents and action types offered in one filter list. */
const filterOptionsMax = 500;

/** readAgentNames answers the agents of these ids by id; one that does not exist is not in the answer. */
export async function readAgentNames(ids: readonly string[]): Promise<Map<string, AgentName>> {
  const rows = await prisma().agent.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, name: true, ownerId: true, processId: true },
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** readActionNames answers the action types of these names by name. */
export async function readActionNames(names: readonly string[]): Promise<Map<string, ActionName>> {
  const rows = await prisma().actionType.findMany({
    where: { name: { in: [...new Set(names)] } },
    select: { name: true, title: true, document: true },
  });
  return new Map(
    rows.map((row) => {
      const document = Document.safeParse(row.document);
      const { classification = null, sentence } = document.success ? document.data : {};
      return [row.name, { name: row.name, title: row.title, classification, ...(sentence === undefined ? {} : { sentence }) }];
    }),
  );
}

/** readProcessNames answers name and owner of processes by id. */
export async function readProcessNames(ids: readonly string[]): Promise<Map<string, { id: string; name: string; ownerId: string }>> {
  const rows = await prisma().process.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, name: true, ownerId: true },
  });
  return new Map(rows.map((row) => [row.id, row]));
}

/** listFilterOptions answers what the ledger can be filtered by. */
export async function listFilterOptions(): Promise<{ agents: { id: string; name: string }[]; actions: string[] }> {
  const [agents, actions] = await Promise.all([
    prisma().agent.findMany({ select: { id: true, name: true }, orderBy: { name: 'asc' }, take: filterOptionsMax }),
    prisma().actionType.findMany({ select: { name: true }, orderBy: { name: 'asc' }, take: filterOptionsMax }),
  ]);
  return { agents, actions: actions.map((row) => row.name) };
}
