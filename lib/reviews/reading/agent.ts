import { readFindingsOf } from '@/lib/findings/reading';
import { outcomeDueMinutes } from '@/lib/outcomes/schema';
import type { User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { readAgentView, readHistory, readPermissions } from '@/lib/registry/reading';
import type { HistoryRow } from '@/lib/registry/reading/schema';
import { countMissing, countRequests, findSince, listUses, type UseRecord } from './agent-store';
import { missingDays, usageDays, type Numbers, type PermissionUse, type ReviewedAgent } from './schema';

/** readReviewedAgent answers what an agent is and did, as its reviewer needs it; `since` is when it was reviewed last. null: there is no such agent. */
export async function readReviewedAgent(person: User, agentId: string, since: Date | null): Promise<ReviewedAgent | null> {
  const db = prisma();
  const view = await readAgentView(person, agentId);
  if (!view) return null;
  const [from, uses, permissions, requests, missing, history, findings] = await Promise.all([
    findSince(db, usageDays),
    listUses(db, agentId, usageDays),
    readPermissions(agentId),
    countRequests(db, agentId, usageDays),
    countMissing(db, agentId, missingDays, outcomeDueMinutes),
    readHistory(person, agentId),
    readFindingsOf(person, agentId),
  ]);
  const { agent, process, people, lastSeenAt } = view;
  const named = (id: string) => ({ id, ...(people.get(id) ?? { name: id, active: false }) });
  const changes = changedSince(history.rows, since);
  return {
    purpose: agent.purpose,
    status: agent.status,
    process: { id: process.id, name: process.name },
    owner: named(agent.ownerId),
    sponsor: agent.sponsorId === null ? null : named(agent.sponsorId),
    technicalOwner: agent.technicalOwnerId === null ? null : named(agent.technicalOwnerId),
    environment: agent.environment,
    riskCategory: agent.riskCategory,
    autonomyFloor: agent.autonomyFloor,
    activatedAt: agent.activatedAt?.toISOString() ?? null,
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
    nextReviewOn: agent.nextReviewOn,
    permissions: permissions.map((row): PermissionUse => ({ ...row, ...useOf(row.action, uses) })),
    numbers: { from: from.toISOString(), ...numbersOf(uses, requests, missing) },
    changes: changes.map(({ seq, at, actor, words }) => ({ seq, at, actor: actor.type === 'system' ? 'Countersign' : actor.name, words })),
    moreChanges: history.next !== null && changes.length > 0 && changes.at(-1) === history.rows.at(-1),
    findings: findings.map(({ id, sentence, severity }) => ({ id, sentence, severity })),
  };
}

/** What people changed after the last review; neither what that review changed itself, which stands before its own row, nor that it was reviewed. */
function changedSince(rows: readonly HistoryRow[], since: Date | null): HistoryRow[] {
  const from = since?.toISOString() ?? '';
  const last = since === null ? -1 : rows.findLastIndex(({ at, kind }) => kind === 'review.decided' && at >= from);
  const after = last === -1 ? rows.filter(({ at }) => at > from) : rows.slice(0, last);
  return after.filter(({ kind }) => !kind.startsWith('review.'));
}

function useOf(action: string, uses: readonly UseRecord[]): Pick<PermissionUse, 'uses' | 'lastUsedAt'> {
  const own = uses.filter((use) => use.action === action);
  const last = own.map(({ lastAt }) => lastAt.toISOString()).toSorted();
  return { uses: own.reduce((sum, use) => sum + use.uses, 0), lastUsedAt: last.at(-1) ?? null };
}

function numbersOf(
  uses: readonly UseRecord[],
  requests: readonly { status: string; count: number }[],
  missing: number,
): Omit<Numbers, 'from'> {
  const answered = (...verdicts: string[]) =>
    uses.filter(({ verdict }) => verdicts.length === 0 || verdicts.includes(verdict)).reduce((sum, use) => sum + use.uses, 0);
  const ended = (...states: string[]) =>
    requests.filter(({ status }) => states.includes(status)).reduce((sum, { count }) => sum + count, 0);
  return {
    decisions: answered(),
    supervised: answered('allow_reversible'),
    denied: answered('deny'),
    halted: answered('halt'),
    asked: answered('approval_required'),
    approved: ended('approved', 'used'),
    rejected: ended('rejected'),
    expired: ended('expired'),
    missing,
  };
}
