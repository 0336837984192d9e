import { approvalState } from '@/lib/approvals/domain';
import { readAlike, type ApprovalRow } from '@/lib/approvals/reading';
import { prisma } from '@/lib/platform/db/prisma';
import type { User } from '@/lib/people/service';
import type { AlikeRequests, EarlierAction } from './schema';
import { named, tellDecisions } from './sentences';
import { listSeqsBefore } from './store';

/** Earlier actions of the agent shown on a card. */
const earlierMax = 3;
/** Earlier requests like it shown on a card. */
const alikeMax = 10;

/** readEarlier gives what the agent did just before, newest first, as far as this person may see it. */
export async function readEarlier(person: User, agentId: string, before: bigint): Promise<EarlierAction[]> {
  const seqs = await listSeqsBefore(prisma(), agentId, before, earlierMax);
  const told = await tellDecisions(person, seqs);
  return seqs.flatMap((seq) => {
    const decision = told.get(seq);
    if (!decision) return [];
    const { payload, at, sentence } = decision;
    return [{ decisionId: payload.id, at: at.toISOString(), verdict: payload.verdict, tier: payload.tier, sentence }];
  });
}

/** readAlikeRequests gives how the last requests like this one ended: the same action type by the same agent. */
export async function readAlikeRequests(row: ApprovalRow, nameOf: ReadonlyMap<string, string>): Promise<AlikeRequests> {
  const rows = await readAlike(row, alikeMax);
  const states = rows.map((like) => approvalState(like, row.now));
  const among = (...wanted: typeof states) => states.filter((state) => wanted.includes(state)).length;
  const seconds = rows
    .flatMap((like) => (like.decidedBy !== null && like.decidedAt ? [(like.decidedAt.getTime() - like.requestedAt.getTime()) / 1000] : []))
    .sort((a, b) => a - b);
  return {
    approved: among('approved', 'used', 'unused'),
    rejected: among('rejected'),
    expired: among('expired'),
    cancelled: among('cancelled'),
    secondsMedian: median(seconds),
    rows: rows.map((like) => ({
      id: like.id,
      state: approvalState(like, row.now),
      requestedAt: like.requestedAt.toISOString(),
      decidedAt: like.decidedAt?.toISOString() ?? null,
      decidedBy: like.decidedBy === null ? null : named(like.decidedBy, nameOf.get(like.decidedBy)),
    })),
  };
}

function median(sorted: readonly number[]): number | null {
  const middle = sorted.length / 2;
  const [below, above] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return below === undefined || above === undefined ? null : Math.round((below + above) / 2);
}
