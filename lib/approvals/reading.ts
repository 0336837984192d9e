import { may } from '@/lib/people/permissions';
import type { User } from '@/lib/people/schema';
import { prisma } from '@/lib/platform/db/prisma';
import { decidedPageMax, StoredStatus, waitingPageMax, type ApprovalFilter, type ApprovalQuery } from './schema';
import {
  countWaiting,
  countWaitingByProcess,
  findApproval,
  findRouting,
  listDecided,
  listWaiting,
  listWaitingFor,
  type ApprovalRow,
  type RoutingRow,
} from './store';
import { listCalls, type CallRow } from './store/deadlines';

export type { CallRow } from './store/deadlines';
export type { ApprovalRow, RoutingRow } from './store';

/** A page of requests; `next` is the `before` of the following one, `waiting` how many wait in all, `mine` how many of them for whoever asks. */
export type ApprovalRows = { rows: ApprovalRow[]; next: string | null; waiting: number; mine: number };

/** readApprovalRow answers one request, or undefined. */
export const readApprovalRow = (id: string): Promise<ApprovalRow | undefined> => findApproval(prisma(), id);

/** readRouting answers whom an agent's requests in a process are routed to now. */
export const readRouting = (agentId: string, processId: string): Promise<RoutingRow> => findRouting(prisma(), agentId, processId);

/** countWaitingFor counts the requests that wait, in all and for a person: those routed to them, if they may sign. */
export async function countWaitingFor(person: Pick<User, 'personId' | 'roles'>): Promise<{ all: number; mine: number }> {
  const { all, mine } = await countWaiting(prisma(), person.personId);
  return { all, mine: may(person, 'approvals:decide') ? mine : 0 };
}

/** readWaitingByProcess counts what waits in each process that has any, by process id. */
export const readWaitingByProcess = async (): Promise<Map<string, number>> =>
  new Map((await countWaitingByProcess(prisma())).map(({ processId, count }) => [processId, count]));

/** listWaitingRowsFor gives what waits for a person, the most pressing first; nothing for who may not sign. */
export const listWaitingRowsFor = async (person: Pick<User, 'personId' | 'roles'>, filter: ApprovalFilter = {}): Promise<ApprovalRow[]> =>
  may(person, 'approvals:decide') ? listWaitingFor(prisma(), person.personId, filter, waitingPageMax) : [];

/** readApprovalRows gives the requests that wait (for `person`, or all), the most pressing first, or those that wait no more, newest first. */
export async function readApprovalRows(person: Pick<User, 'personId' | 'roles'>, query: ApprovalQuery): Promise<ApprovalRows> {
  const page = {
    mine: () => listWaitingRowsFor(person, query),
    waiting: () => listWaiting(prisma(), query, waitingPageMax),
    decided: () => listDecided(prisma(), query, query.before, decidedPageMax + 1),
  }[query.tab];
  const [found, { all: waiting, mine }] = await Promise.all([page(), countWaitingFor(person)]);
  if (query.tab !== 'decided') return { rows: found, next: null, waiting, mine };
  const rows = found.slice(0, decidedPageMax);
  return { rows, next: found.length > decidedPageMax ? (rows.at(-1)?.id ?? null) : null, waiting, mine };
}

/** What is kept of a request when it is compared with later ones. */
export type AlikeRow = Pick<ApprovalRow, 'id' | 'status' | 'requestedAt' | 'expiresAt' | 'decidedAt' | 'decidedBy'>;

/** readAlike gives the last requests of the same action type by the same agent that wait no more, newest first. */
export async function readAlike(row: Pick<ApprovalRow, 'id' | 'agentId' | 'action'>, limit: number): Promise<AlikeRow[]> {
  const rows = await prisma().approval.findMany({
    where: {
      actionType: row.action,
      agentId: row.agentId,
      id: { not: row.id },
      // What two people let happen of a halted action was no request.
      tier: { lt: 4 },
      OR: [{ status: { not: 'pending' } }, { expiresAt: { lte: new Date() } }],
    },
    orderBy: { requestedAt: 'desc' },
    take: limit,
    select: { id: true, status: true, requestedAt: true, expiresAt: true, decidedAt: true, decidedBy: true },
  });
  return rows.map((like) => ({ ...like, status: StoredStatus.parse(like.status) }));
}

/** readViews gives who, of those it is routed to, has seen the card of a request, the first one first. */
export async function readViews(id: string): Promise<{ userId: string; seenAt: Date }[]> {
  return prisma().approvalView.findMany({ where: { approvalId: id }, orderBy: { seenAt: 'asc' }, select: { userId: true, seenAt: true } });
}

/** readCalls gives who was called as the deadline of a request came near, step by step. */
export const readCalls = (id: string): Promise<CallRow[]> => listCalls(prisma(), id);
