import { prisma } from '@/lib/platform/db/prisma';
import { listFilterOptions } from '@/lib/registry/reading';
import { listProcesses } from './store/names';

/** What lists of requests and of the ledger can be narrowed to. */
export type ListOptions = { agents: { id: string; name: string }[]; actions: string[]; processes: { id: string; name: string }[] };

/** Processes offered in one filter list. */
const processesMax = 500;

/** listOptions answers what the lists of this feature can be narrowed to. */
export async function listOptions(): Promise<ListOptions> {
  const [options, processes] = await Promise.all([listFilterOptions(), listProcesses(prisma(), processesMax)]);
  return { ...options, processes };
}
