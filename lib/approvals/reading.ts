import { prisma } from '@/lib/platform/db/prisma';
import { decidedPageMax, waitingPageMax, type ApprovalQuery } from './schema';
import { countWaiting, findApproval, listDecided, listWaiting, type ApprovalRow } from './store';

export type { ApprovalRow } from './store';

/** A page of requests; `next` is the `before` of the following one, `waiting` how many wait in all. */
export type ApprovalRows = { rows: ApprovalRow[]; next: string | null; waiting: number };

/** readApprovalRow answers one request, or undefined. */
export const readApprovalRow = (id: string): Promise<ApprovalRow | undefined> => findApproval(prisma(), id);

/** readApprovalRows gives the requests that wait, the most pressing first, or those that wait no more, newest first. */
export async function readApprovalRows(query: ApprovalQuery): Promise<ApprovalRows> {
  const db = prisma();
  if (query.tab === 'waiting') {
    const [rows, waiting] = await Promise.all([listWaiting(db, waitingPageMax), countWaiting(db)]);
    return { rows, next: null, waiting };
  }
  const [found, waiting] = await Promise.all([listDecided(db, query.before, decidedPageMax + 1), countWaiting(db)]);
  const rows = found.slice(0, decidedPageMax);
  return { rows, next: found.length > decidedPageMax ? (rows.at(-1)?.id ?? null) : null, waiting };
}
