import { readFindingsOf } from '@/lib/findings/reading';
import { outcomeDueMinutes } from '@/lib/outcomes/schema';
import type { User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { readAgentView, readHistory, readPermissions } from '@/lib/registry/reading';
import { countMissing, countRequests, listUses, type UseRecord } from './agent-store';
import { usageDays, type Numbers, type PermissionUse, type ReviewedAgent } from './schema';

/** readReviewedAgent answers what an agent is and did, as its reviewer needs it; `since` is when it was reviewed last. null: there is no such agent. */
export async function readReviewedAgent(person: User, agentId: string, since: Date | null): Promise<ReviewedAgent | null> {
  const db = prisma();
  const view = await readAgentView(person, agentId);
  if (!view) return null;
  const [uses, permissions, requests, missing, history, findings] = await Promise.all([
    listUses(db, agentId, usageDays),
    readPermissions(agentId),
    countRequests(db, agentId, usageDays),
    countMissing(db, agentId, usageDays, outcomeDueMinutes),
    readHistory(person, agentId),
    readFindingsOf(person, agentId),
  ]);
  const { agent, process, people, lastSeenAt } = view;
  const named = (id: string | null) => (id === null ? null : { id, ...(people.get(id) ?? { name: id, active: false }) });
  const changes = history.rows.filter(({ at, kind }) => !kind.startsWith('review.') && (since === null || at > since.toISOString()));
  return {
    purpose: agent.purpose,
    status: agent.status,
    process: { id: process.id, name: process.name },
    owner: { id: agent.ownerId, ...(people.get(agent.ownerId) ?? { name: agent.ownerId, active: false }) },
    sponsor: named(agent.sponsorId),
    technicalOwner: named(agent.technicalOwnerId),
    environment: agent.environment,
    riskCategory: agent.riskCategory,
    activatedAt: agent.activatedAt?.toISOString() ?? null,
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
    nextReviewOn: agent.nextReviewOn,
    permissions: permissions.map(({ action, title, system, grantedAt }): PermissionUse => ({
      action,
      title,
      system,
      grantedAt,
      ...useOf(action, uses),
    })),
    numbers: numbersOf(uses, requests, missing),
    changes: changes.map(({ seq, at, actor, words }) => ({ seq, at, actor: actor.type === 'system' ? 'Countersign' : actor.name, words })),
    moreChanges: history.next !== null && changes.length > 0 && changes.at(-1) === history.rows.at(-1),
    findings: findings.map(({ id, sentence, severity }) => ({ id, sentence, severity })),
  };
}

function useOf(action: string, uses: readonly UseRecord[]): Pick<PermissionUse, 'uses' | 'lastUsedAt'> {
  const own = uses.filter((use) => use.action === action);
  const last = own.map(({ lastAt }) => lastAt.toISOString()).toSorted();
  return { uses: own.reduce((sum, use) => sum + use.uses, 0), lastUsedAt: last.at(-1) ?? null };
}

function numbersOf(uses: readonly UseRecord[], requests: readonly { status: string; count: number }[], missing: number): Numbers {
  const answered = (...verdicts: string[]) =>
    uses.filter(({ verdict }) => verdicts.length === 0 || verdicts.includes(verdict)).reduce((sum, use) => sum + use.uses, 0);
  const ended = (...states: string[]) =>
    requests.filter(({ status }) => states.length === 0 || states.includes(status)).reduce((sum, { count }) => sum + count, 0);
  return {
    decisions: answered(),
    denied: answered('deny'),
    halted: answered('halt'),
    asked: ended(),
    approved: ended('approved', 'used'),
    rejected: ended('rejected'),
    expired: ended('expired'),
    missing,
  };
}
