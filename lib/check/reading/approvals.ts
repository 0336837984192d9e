import { z } from 'zod';
import { DecisionArguments, DecisionPayload } from '@/lib/check/schema';
import { canonicalJson } from '@/lib/kernel/canonical';
import { formatDigest, sameBytes, sha256 } from '@/lib/kernel/hash';
import { readUnsealed, type LedgerEvent, type Side } from '@/lib/ledger/reading';
import { findUser, listUsers, type User } from '@/lib/people/service';
import { policyKey, readPolicyNames } from '@/lib/policy/reading';
import { readActionNames, readAgentNames, readProcessNames, type ActionName } from '@/lib/registry/reading';
import { approvalState, mayReadArguments, whyNotDecide } from '@/lib/approvals/domain';
import { readApprovalRow, readApprovalRows, type ApprovalRow } from '@/lib/approvals/reading';
import type { ApprovalQuery, Named } from '@/lib/approvals/schema';
import { decidersOf, refusalText } from '@/lib/approvals/service';
import { actionWords, amountOf, moneyArgument, redact, sentenceOf, undoingOf, type CanonicalAction } from '@/lib/approvals/domain/wording';
import type { ApprovalCard, ApprovalItem, ApprovalPage, ShownArguments } from './schema';

const Canonical = z.object({
  resource: z.looseObject({}).optional(),
  arguments: z.record(z.string(), z.unknown()).optional(),
});

const named = (id: string, name: string | undefined): Named => ({ id, name: name ?? id });

/** What the ledger says of the decision that asked: its payload, and its arguments as far as this person may see them. */
type Asked = {
  payload: DecisionPayload | null;
  shown: ShownArguments;
  canonical: CanonicalAction | null;
  said: Record<string, unknown> | null;
};

const notFound: Asked = { payload: null, shown: { state: 'unreadable' }, canonical: null, said: null };

function askedOf(person: User, row: ApprovalRow, found: { event: LedgerEvent; side: Side } | undefined): Asked {
  if (!found) return notFound;
  const { event, side } = found;
  const parsed = DecisionPayload.safeParse(event.payload);
  const payload = parsed.success ? parsed.data : null;
  if (side.state === 'none' || side.state === 'erased') return { ...notFound, payload, shown: { state: 'erased' } };
  const opened = side.text === undefined ? undefined : DecisionArguments.safeParse(JSON.parse(side.text));
  if (!opened?.success) return { ...notFound, payload };
  const { canonical, said } = opened.data;
  const value: unknown = JSON.parse(canonical);
  if (!mayReadArguments(person, row.processOwnerId))
    return { payload, shown: { state: 'redacted', canonical: canonicalJson(redact(value)) }, canonical: null, said: null };
  // What is shown must be what is signed: its digest is that of the request, and the ledger row commits to it.
  const digest = sha256(canonical);
  const agrees = side.committed && sameBytes(digest, side.digest) && sameBytes(digest, row.digest);
  const action = Canonical.safeParse(value);
  return { payload, shown: { state: 'full', canonical, agrees }, canonical: action.success ? action.data : null, said };
}

function itemOf(
  person: User,
  row: ApprovalRow,
  asked: Asked,
  names: { agent: string | undefined; action: ActionName | undefined; decidedBy: string | undefined },
): ApprovalItem {
  return {
    id: row.id,
    state: approvalState(row, row.now),
    tier: row.tier,
    deciding: row.deciding,
    action: row.action,
    sentence: sentenceOf(row.action, asked.canonical, {
      template: names.action?.sentence,
      money: moneyArgument(names.action?.classification ?? null),
    }),
    amount: asked.canonical === null ? null : amountOf(asked.payload?.risk ?? null),
    agent: named(row.agentId, names.agent),
    requestedAt: row.requestedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
    decidedBy: row.decidedBy === null ? null : named(row.decidedBy, names.decidedBy),
    mine: whyNotDecide(person, row, row.now) === undefined,
  };
}

/** listApprovals gives the requests that wait, the most pressing first, or those that wait no more, newest first. */
export async function listApprovals(person: User, query: ApprovalQuery): Promise<ApprovalPage> {
  const { rows, next, waiting } = await readApprovalRows(query);
  const [agents, actions, people, ledger] = await Promise.all([
    readAgentNames(rows.map((row) => row.agentId)),
    readActionNames(rows.map((row) => row.action)),
    listUsers(),
    readUnsealed(rows.map((row) => row.decisionSeq)),
  ]);
  const nameOf = new Map(people.map((user) => [user.id, user.name]));
  const items = rows.map((row) =>
    itemOf(person, row, askedOf(person, row, ledger.get(row.decisionSeq)), {
      agent: agents.get(row.agentId)?.name,
      action: actions.get(row.action),
      decidedBy: row.decidedBy === null ? undefined : nameOf.get(row.decidedBy),
    }),
  );
  return { items, next, waiting };
}

/** readApproval gives the card of one request; undefined when there is none. */
export async function readApproval(person: User, id: string): Promise<ApprovalCard | undefined> {
  const row = await readApprovalRow(id);
  if (!row) return undefined;
  const asked = askedOf(person, row, (await readUnsealed([row.decisionSeq])).get(row.decisionSeq));
  const { payload } = asked;
  const reasons = payload?.reasons ?? [];
  const [agents, actions, processes, policies, people] = await Promise.all([
    readAgentNames([row.agentId]),
    readActionNames([row.action]),
    readProcessNames([row.processId]),
    readPolicyNames(
      reasons.flatMap((reason) =>
        reason.policy !== undefined && reason.version !== undefined ? [{ id: reason.policy, version: reason.version }] : [],
      ),
    ),
    listUsers(),
  ]);
  const nameOf = new Map(people.map((user) => [user.id, user.name]));
  const action = actions.get(row.action);
  const item = itemOf(person, row, asked, {
    agent: agents.get(row.agentId)?.name,
    action,
    decidedBy: row.decidedBy === null ? undefined : nameOf.get(row.decidedBy),
  });
  const ownerId = payload?.owner ?? agents.get(row.agentId)?.ownerId ?? '';
  const refusal = whyNotDecide(person, row, row.now);
  const deciders = decidersOf(people, row);
  return {
    ...item,
    digest: formatDigest(row.digest),
    decisionId: row.decisionId,
    process: named(row.processId, processes.get(row.processId)?.name),
    owner: named(ownerId, nameOf.get(ownerId) ?? (await findUser(ownerId))?.name),
    workflow: row.workflowId,
    asker: row.asker,
    approveLabel: `Approve ${actionWords(row.action)}${item.amount === null ? '' : ` · ${item.amount}`}`,
    reasons: reasons.map((reason) => ({
      ...reason,
      policyName:
        reason.policy !== undefined && reason.version !== undefined
          ? (policies.get(policyKey(reason.policy, reason.version)) ?? null)
          : null,
    })),
    risk: payload?.risk ?? null,
    undoing: undoingOf(action?.classification ?? null),
    arguments: asked.shown,
    said: asked.said,
    reasonCode: row.reasonCode,
    reason: row.reason,
    usedAt: row.usedAt?.toISOString() ?? null,
    usedBy: row.usedBy,
    deciders,
    refusal: refusal === undefined ? null : { code: refusal, text: refusalText(refusal, row, item.decidedBy?.name ?? null, deciders) },
  };
}
