import { z } from 'zod';
import { mayReadArguments } from '@/lib/approvals/domain';
import { redact } from '@/lib/approvals/domain/wording';
import { DecisionArguments, DecisionPayload } from '@/lib/check/schema';
import type { DecisionView, EventView, RowFacts, ShownArguments } from './schema';
import { canonicalJson } from '@/lib/kernel/canonical';
import { formatDigest, sameBytes, sha256 } from '@/lib/kernel/hash';
import { listEntries, readEvent, readSide, type LedgerEvent, type Side } from '@/lib/ledger/reading';
import { EntryQuery, type Entry } from '@/lib/ledger/reading/schema';
import { EventPayload } from '@/lib/ledger/schema';
import { may } from '@/lib/people/permissions';
import { findUser, listUsers, type User } from '@/lib/people/service';
import { policyKey, readPolicyNames } from '@/lib/policy/reading';
import { readActionNames, readAgentNames, readProcessNames } from '@/lib/registry/reading';

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
  const [agents, actions, processes, policies, related] = await Promise.all([
    readAgentNames([payload.agent]),
    readActionNames([payload.action]),
    readProcessNames([payload.process]),
    readPolicyNames(
      payload.reasons.flatMap((reason) =>
        reason.policy !== undefined && reason.version !== undefined ? [{ id: reason.policy, version: reason.version }] : [],
      ),
    ),
    relatedOf(approval, event.seq),
  ]);
  const process = processes.get(payload.process);
  const readable = mayReadArguments(person, process?.ownerId ?? null);
  const side = await readSide(event, true);
  const { shown, said } = argumentsOf(side, readable);
  return {
    type: 'decision',
    row: factsOf(event, side),
    payload,
    agent: { id: payload.agent, name: agents.get(payload.agent)?.name ?? payload.agent },
    owner: { id: payload.owner, name: (await findUser(payload.owner))?.name ?? payload.owner },
    process: { id: payload.process, name: process?.name ?? payload.process },
    classification: actions.get(payload.action)?.classification ?? null,
    reasons: payload.reasons.map((reason) => ({
      ...reason,
      policyName:
        reason.policy !== undefined && reason.version !== undefined
          ? (policies.get(policyKey(reason.policy, reason.version)) ?? null)
          : null,
    })),
    arguments: shown,
    said,
    related,
  };
}

function argumentsOf(side: Side, readable: boolean): { shown: ShownArguments; said: Record<string, unknown> | null } {
  if (side.state === 'none' || side.state === 'erased') return { shown: { state: 'erased' }, said: null };
  const opened = side.text === undefined ? undefined : DecisionArguments.safeParse(JSON.parse(side.text));
  if (!opened?.success) return { shown: { state: 'unreadable' }, said: null };
  const { canonical, said } = opened.data;
  if (!readable) return { shown: { state: 'redacted', canonical: canonicalJson(redact(JSON.parse(canonical))) }, said: null };
  return { shown: { state: 'full', canonical, agrees: side.committed && sameBytes(sha256(canonical), side.digest) }, said };
}

async function viewOther(person: User, event: LedgerEvent): Promise<EventView> {
  const parsed = EventPayload.safeParse(event.payload);
  const payload = parsed.success ? parsed.data : null;
  const readable = may(person, 'arguments:read');
  const side = await readSide(event, readable);
  const written = side.state === 'open' && side.text !== undefined ? Written.safeParse(JSON.parse(side.text)) : undefined;
  const people = payload ? await listUsers() : [];
  return {
    type: 'event',
    row: factsOf(event, side),
    id: event.id,
    kind: event.kind,
    payload,
    raw: JSON.stringify(event.payload),
    actorName: people.find((user) => user.id === payload?.actor.id)?.name ?? null,
    text: side.state === 'none' ? null : written?.success ? written.data.text : readable ? null : 'hidden',
    related: await relatedOf(payload?.subject.type === 'approval' ? payload.subject.id : undefined, event.seq),
  };
}

async function relatedOf(approval: string | undefined, seq: bigint): Promise<Entry[]> {
  if (approval === undefined) return [];
  const page = await listEntries(EntryQuery.parse({ show: 'all', approval, limit: relatedMax }));
  return page.entries.filter((entry) => entry.seq !== String(seq)).reverse();
}
