import { z } from 'zod';
import { mayReadArguments } from '@/lib/approvals/domain';
import { redact } from '@/lib/approvals/domain/wording';
import { readRouting } from '@/lib/approvals/reading';
import { DecisionArguments, DecisionPayload } from '@/lib/check/schema';
import { canonicalJson } from '@/lib/kernel/canonical';
import { formatDigest, sameBytes, sha256 } from '@/lib/kernel/hash';
import { readEvent, readSide, type LedgerEvent, type Side } from '@/lib/ledger/reading';
import { EntryQuery } from '@/lib/ledger/reading/schema';
import { EventPayload } from '@/lib/ledger/schema';
import { may } from '@/lib/people/permissions';
import { listUsers, type User } from '@/lib/people/service';
import { readActionNames, readAgentNames, readProcessNames, type ActionName } from '@/lib/registry/reading';
import { withPolicyNames } from './asked';
import { listLedger, tellOne } from './entries';
import { readHalt } from './halts';
import type { DecisionView, EventView, RowFacts, ShownArguments, ToldEntry, Undoing } from './schema';
import { canonicalOf, named, sentenceFor } from './sentences';

const Written = z.object({ text: z.string() });
const relatedMax = 20;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function factsOf(event: LedgerEvent, side: Side): RowFacts {
  const commitment = event.payload['commitment'];
  const known = side.state === 'open' || side.state === 'unreadable';
  return {
    seq: String(event.seq),
    at: event.at.toISOString(),
    hash: hex(event.hash),
    previous: hex(event.previous),
    intact: event.intact,
    commitment: typeof commitment === 'string' ? commitment : null,
    digest: known ? formatDigest(side.digest) : null,
    commitmentHolds: known ? side.committed : null,
  };
}

/** viewEvent answers one event of the ledger as far as this person may see it; undefined when there is none. `ref` is an event id or a row number. */
export async function viewEvent(person: User, ref: string): Promise<DecisionView | EventView | undefined> {
  const event = await readEvent(ref);
  if (!event) return undefined;
  const decision = DecisionPayload.safeParse(event.payload);
  return decision.success ? viewDecision(person, event, decision.data) : viewOther(person, event);
}

async function viewDecision(person: User, event: LedgerEvent, payload: DecisionPayload): Promise<DecisionView> {
  const approval = payload.used_approval ?? payload.approval;
  const [agents, actions, processes, people, reasons, halt, related] = await Promise.all([
    readAgentNames([payload.agent]),
    readActionNames([payload.action]),
    readProcessNames([payload.process]),
    listUsers(),
    withPolicyNames(payload.reasons),
    payload.verdict === 'halt' ? readHalt(person, payload.id) : null,
    relatedOf(approval, event.seq),
  ]);
  const nameOf = new Map(people.map((user) => [user.id, user.name]));
  const personOf = (id: string) => named(id, nameOf.get(id));
  const readable = mayReadArguments(person, await readRouting(payload.agent, payload.process));
  const side = await readSide(event, true);
  const { shown, said } = argumentsOf(side, readable);
  const action = actions.get(payload.action);
  return {
    type: 'decision',
    row: factsOf(event, side),
    payload,
    sentence:
      shown.state === 'full' ? sentenceFor(payload.action, canonicalOf(shown.canonical), action) : (action?.title ?? payload.action),
    agent: named(payload.agent, agents.get(payload.agent)?.name),
    owner: personOf(payload.owner),
    accountable: {
      execution: personOf(payload.accountable?.execution ?? payload.owner),
      escalation: personOf(payload.accountable?.escalation ?? payload.owner),
    },
    process: named(payload.process, processes.get(payload.process)?.name),
    classification: action?.classification ?? null,
    undoing: undoingOf(event, payload, action),
    reasons,
    arguments: shown,
    said,
    halt,
    related,
  };
}

/** Until when it can be undone was settled by the decision; by what, is what its action type says now. */
function undoingOf(event: LedgerEvent, payload: DecisionPayload, action: ActionName | undefined): Undoing | null {
  if (payload.verdict !== 'allow_reversible' || payload.window_seconds === undefined) return null;
  const until = new Date(event.at.getTime() + payload.window_seconds * 1000);
  return { until: until.toISOString(), by: action?.classification?.compensation?.action ?? null };
}

function argumentsOf(side: Side, readable: boolean): { shown: ShownArguments; said: Record<string, unknown> | null } {
  if (side.state === 'none' || side.state === 'erased') return { shown: { state: 'erased' }, said: null };
  const opened = side.text === undefined ? undefined : DecisionArguments.safeParse(JSON.parse(side.text));
  if (!opened?.success) return { shown: { state: 'unreadable' }, said: null };
  const { canonical, said } = opened.data;
  if (!readable) return { shown: { state: 'redacted', canonical: canonicalJson(redact(JSON.parse(canonical))) }, said: null };
  return { shown: { state: 'full', canonical, agrees: side.committed && sameBytes(sha256(canonical), side.digest) }, said };
}

const subjectPages: Record<string, (id: string) => string> = {
  approval: (id) => `/approvals/${id}`,
  agent: (id) => `/registry/agents/${id}`,
  process: (id) => `/raci/${id}`,
  policy: (id) => `/policy/${id}`,
  action_type: (id) => `/registry/actions/${encodeURIComponent(id)}`,
  workflow: (id) => `/ledger?show=all&workflow=${encodeURIComponent(id)}`,
  decision: (id) => `/ledger/${id}`,
  outcome: (id) => `/ledger/${id}`,
  user: (id) => `/people/${id}`,
  finding: (id) => `/findings/${id}`,
  review: (id) => `/reviews/${id}`,
};

async function viewOther(person: User, event: LedgerEvent): Promise<EventView> {
  const parsed = EventPayload.safeParse(event.payload);
  const payload = parsed.success ? parsed.data : null;
  const readable = may(person, 'arguments:read');
  const side = await readSide(event, readable);
  const written = side.state === 'open' && side.text !== undefined ? Written.safeParse(JSON.parse(side.text)) : undefined;
  const data = payload?.data ?? {};
  const decisionId = typeof data['decision'] === 'string' ? data['decision'] : null;
  const told = payload && (await tellOne({ kind: payload.kind, actor: payload.actor, subject: payload.subject, decisionId, data }));
  return {
    type: 'event',
    row: factsOf(event, side),
    id: event.id,
    kind: event.kind,
    words: told?.words ?? (event.kind === '' ? 'Unreadable row' : event.kind),
    href: payload ? (subjectPages[payload.subject.type]?.(payload.subject.id) ?? null) : null,
    payload,
    raw: JSON.stringify(event.payload),
    actorName: told?.actor ?? null,
    subjectName: told?.subject ?? null,
    text: side.state === 'none' ? null : written?.success ? written.data.text : readable ? null : 'hidden',
    related: await relatedOf(payload?.subject.type === 'approval' ? payload.subject.id : undefined, event.seq),
  };
}

async function relatedOf(approval: string | undefined, seq: bigint): Promise<ToldEntry[]> {
  if (approval === undefined) return [];
  const page = await listLedger(EntryQuery.parse({ show: 'all', approval, limit: relatedMax }));
  return page.entries.filter((entry) => entry.seq !== String(seq)).reverse();
}
