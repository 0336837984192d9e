import { approvalState, routing, whyNotDecide } from '@/lib/approvals/domain';
import { calledAs } from '@/lib/approvals/domain/deadlines';
import { actionWords, amountOf, undoingOf } from '@/lib/approvals/domain/wording';
import { readApprovalRow, readApprovalRows, readCalls, readViews, type ApprovalRow, type CallRow } from '@/lib/approvals/reading';
import type { ApprovalQuery, Named } from '@/lib/approvals/schema';
import { refusalText } from '@/lib/approvals/service';
import { countHalts } from '@/lib/containment/reading';
import { formatDigest } from '@/lib/kernel/hash';
import { readUnsealed } from '@/lib/ledger/reading';
import { may } from '@/lib/people/permissions';
import { listUsers, type User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { readActionNames, readAgentNames, readProcessNames, type ActionName } from '@/lib/registry/reading';
import { askedOf, withPolicyNames, type Asked } from './asked';
import { readAlikeRequests, readEarlier } from './earlier';
import type { ApprovalCard, ApprovalItem, ApprovalPage } from './schema';
import { named, sentenceFor } from './sentences';
import { findOutcomeEvent } from './store';
import { countSupervisedActions } from './supervised';

/** The names that requests are told with. */
type Names = {
  agents: ReadonlyMap<string, { name: string; ownerId: string }>;
  actions: ReadonlyMap<string, ActionName>;
  processes: ReadonlyMap<string, { name: string }>;
  people: ReadonlyMap<string, string>;
};

async function namesOf(rows: readonly ApprovalRow[]): Promise<Names> {
  const [agents, actions, processes, people] = await Promise.all([
    readAgentNames(rows.map((row) => row.agentId)),
    readActionNames(rows.map((row) => row.action)),
    readProcessNames(rows.map((row) => row.processId)),
    listUsers(),
  ]);
  return { agents, actions, processes, people: new Map(people.map((user) => [user.id, user.name])) };
}

function itemOf(person: User, row: ApprovalRow, asked: Asked, names: Names): ApprovalItem {
  const mine = whyNotDecide(person, row, row.now) === undefined;
  return {
    id: row.id,
    state: approvalState(row, row.now),
    tier: row.tier,
    deciding: row.deciding,
    action: row.action,
    sentence: sentenceFor(row.action, asked.canonical, names.actions.get(row.action)),
    amount: asked.canonical === null ? null : amountOf(asked.payload?.risk ?? null),
    agent: named(row.agentId, names.agents.get(row.agentId)?.name),
    process: named(row.processId, names.processes.get(row.processId)?.name),
    requestedAt: row.requestedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    decidedBy: row.decidedBy === null ? null : named(row.decidedBy, names.people.get(row.decidedBy)),
    mine,
    called: mine ? calledAs(person, row) : null,
  };
}

/** listApprovals gives the requests that wait, the most pressing first, or those that wait no more, newest first. */
export async function listApprovals(person: User, query: ApprovalQuery): Promise<ApprovalPage> {
  const { rows, next, waiting, mine } = await readApprovalRows(person, query);
  const [names, ledger, supervised, halts] = await Promise.all([
    namesOf(rows),
    readUnsealed(rows.map((row) => row.decisionSeq)),
    countSupervisedActions(person),
    countHalts(),
  ]);
  const items = rows.map((row) => itemOf(person, row, askedOf(person, row, ledger.get(row.decisionSeq)), names));
  return { items, next, counts: { mine, waiting, supervised, halts } };
}

/** readApproval gives the card of one request; undefined when there is none. */
export async function readApproval(person: User, id: string): Promise<ApprovalCard | undefined> {
  const row = await readApprovalRow(id);
  if (!row) return undefined;
  const [names, ledger] = await Promise.all([namesOf([row]), readUnsealed([row.decisionSeq])]);
  const asked = askedOf(person, row, ledger.get(row.decisionSeq));
  const { payload } = asked;
  const [reasons, earlier, alike, views, calls, outcomeEvent] = await Promise.all([
    withPolicyNames(payload?.reasons ?? []),
    readEarlier(person, row.agentId, row.decisionSeq),
    readAlikeRequests(row, names.people),
    readViews(id),
    readCalls(id),
    row.usedBy === null ? undefined : findOutcomeEvent(prisma(), row.usedBy),
  ]);
  const item = itemOf(person, row, asked, names);
  const personOf = (userId: string) => named(userId, names.people.get(userId));
  const ownerId = payload?.owner ?? names.agents.get(row.agentId)?.ownerId ?? '';
  const refusal = whyNotDecide(person, row, row.now);
  const routed = routing(row);
  return {
    ...item,
    digest: formatDigest(row.digest),
    decisionId: row.decisionId,
    accountable: {
      execution: personOf(payload?.accountable?.execution ?? ownerId),
      escalation: personOf(payload?.accountable?.escalation ?? ownerId),
    },
    workflow: row.workflowId,
    asker: row.asker,
    approveLabel: `Approve ${actionWords(row.action)}${item.amount === null ? '' : ` · ${item.amount}`}`,
    reasons,
    risk: payload?.risk ?? null,
    undoing: undoingOf(names.actions.get(row.action)?.classification ?? null),
    arguments: asked.shown,
    said: asked.said,
    reasonCode: row.reasonCode,
    reason: may(person, 'arguments:read') ? row.reason : null,
    usedAt: row.usedAt?.toISOString() ?? null,
    usedBy: row.usedBy,
    outcomeEvent: outcomeEvent ?? null,
    routed: routed.map(({ userId, name, how, team, may: signs }) => ({ id: userId, name, how, team, may: signs })),
    views: views.map(({ userId, seenAt }) => ({ person: personOf(userId), at: seenAt.toISOString() })),
    step: row.step,
    calls: callsByStep(calls, personOf),
    earlier,
    alike,
    refusal:
      refusal === undefined
        ? null
        : {
            code: refusal,
            text: refusalText(
              refusal,
              row,
              item.decidedBy?.name ?? null,
              routed.filter((one) => one.may),
            ),
          },
  };
}

/** Each step with when its first person was called, and all of them. */
function callsByStep(calls: readonly CallRow[], personOf: (userId: string) => Named): ApprovalCard['calls'] {
  const steps = [...new Set(calls.map(({ step }) => step))];
  return steps.map((step) => {
    const those = calls.filter((call) => call.step === step);
    return { step, at: those[0]?.at.toISOString() ?? '', people: those.map(({ userId }) => personOf(userId)) };
  });
}
