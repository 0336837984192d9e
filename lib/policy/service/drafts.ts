import { newId } from '@/lib/kernel/ids';
import type { EventKind } from '@/lib/ledger/schema';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, type PersonActor, type Tx, type User } from '@/lib/people/service';
import { fixedProblems, sameContent } from '../domain/drafting';
import { NewPolicy, ReturnDraft, SaveDraft, type DraftRefusal, type Policy, type StartRefusal } from '../schema';
import * as store from '../store';
import { documentDigest, revisionOf } from './digests';
import { whyNotPublish } from './publishable';

export type StartOutcome = { ok: true; id: string; version: number } | StartRefusal;

/** createPolicy begins a policy nobody wrote before, as a draft that asks for nothing yet. Throws when `input` is not a NewPolicy. */
export function createPolicy(actor: PersonActor, input: NewPolicy): Promise<StartOutcome> {
  const { id = newId('pol'), name, kind } = NewPolicy.parse(input);
  return actAs<StartOutcome>(actor, 'policy:edit', async (tx, doer) => {
    if (!doer) return { ok: false, code: 'NOT_ALLOWED' };
    await store.lockPolicy(tx, id);
    if ((await store.findLatestVersion(tx, id)) > 0) return { ok: false, code: 'ID_TAKEN' };
    const policy: Policy = { id, name, version: 1, kind, selector: { level: 'organisation', actions: ['*'] }, ladders: [] };
    return begin(tx, doer, actor, { policy, basedOn: null });
  });
}

/**
 * startDraft begins the next version of a policy, from the one in force or, to go back, from the earlier version `from`. What was published as a
 * guardrail or as the baseline stays one.
 */
export function startDraft(actor: PersonActor, id: string, from?: number): Promise<StartOutcome> {
  return actAs<StartOutcome>(actor, 'policy:edit', async (tx, doer) => {
    if (!doer) return { ok: false, code: 'NOT_ALLOWED' };
    await store.lockPolicy(tx, id);
    const published = await store.findPublished(tx, id);
    const source = from === undefined ? published : await store.findPublishedVersion(tx, id, from);
    if (!published || !source) return { ok: false, code: 'NOT_FOUND' };
    if (await store.findDraft(tx, id)) return { ok: false, code: 'DRAFT_EXISTS' };
    const { baseline: _, ...document } = source.document;
    const { kind, baseline } = published.document;
    const version = (await store.findLatestVersion(tx, id)) + 1;
    const policy: Policy = { ...document, version, kind, ...(baseline === undefined ? {} : { baseline }) };
    const basedOn = published.status === 'active' ? published.version : null;
    return begin(tx, doer, actor, { policy, basedOn, from: source.version });
  });
}

type Beginning = { policy: Policy; basedOn: number | null; from?: number };

async function begin(tx: Tx, doer: User, actor: PersonActor, { policy, basedOn, from }: Beginning): Promise<StartOutcome> {
  await store.insertDraft(tx, { policy, note: '', basedOn, by: doer });
  const data = { version: policy.version, document: documentDigest(policy), ...(from === undefined ? {} : { from }) };
  await appendEvent(tx, { kind: 'policy.drafted', actor, subject: { type: 'policy', id: policy.id }, data });
  return { ok: true, id: policy.id, version: policy.version };
}

export type DraftOutcome = { ok: true; version: number; revision: string } | DraftRefusal;

/**
 * saveDraft replaces the whole of a draft by what is on somebody's screen, who is from then on one of its editors. A screen that is older than the
 * draft is refused (STALE). `basedOn` naming the version now in force carries the draft over to it. Throws when `input` is not a SaveDraft.
 */
export function saveDraft(actor: PersonActor, id: string, input: SaveDraft): Promise<DraftOutcome> {
  const { revision, document, note, basedOn } = SaveDraft.parse(input);
  return actAs<DraftOutcome>(actor, 'policy:edit', async (tx, doer) => {
    if (!doer) return { ok: false, code: 'NOT_ALLOWED' };
    const found = await lockDraft(tx, id);
    if (!found.ok) return found;
    const { draft, published } = found;
    if (draft.status !== 'draft') return { ok: false, code: 'IN_REVIEW' };
    if (revisionOf(draft) !== revision) return { ok: false, code: 'STALE' };
    const problems = fixedProblems(draft.document, published?.document, document);
    if (problems.length > 0) return { ok: false, code: 'INVALID', problems };
    const inForce = published?.status === 'active' ? published.version : null;
    if (basedOn !== draft.basedOn && basedOn !== inForce) return { ok: false, code: 'VERSION_CAME', inForce };
    const version = published && published.version >= draft.version ? (await store.findLatestVersion(tx, id)) + 1 : draft.version;
    const after = { document: { ...document, version }, note, basedOn };
    if (revisionOf(after) === revision) return { ok: true, version, revision };
    await store.deleteSignatures(tx, draft);
    const saved = await store.updateDraft(tx, draft.version, { policy: after.document, note, basedOn, editor: doer.personId });
    if (!saved) return { ok: false, code: 'STALE' };
    await record(tx, actor, 'policy.drafted', { id, version, document: after.document });
    return { ok: true, version, revision: revisionOf(after) };
  });
}

/** submitDraft asks others to sign. It says why it was changed, and could come into force as things are now. */
export function submitDraft(actor: PersonActor, id: string, revision: string): Promise<DraftOutcome> {
  return actAs<DraftOutcome>(actor, 'policy:edit', async (tx) => {
    const found = await lockDraft(tx, id);
    if (!found.ok) return found;
    const { draft, published } = found;
    if (draft.status !== 'draft') return { ok: false, code: 'IN_REVIEW' };
    if (revisionOf(draft) !== revision) return { ok: false, code: 'STALE' };
    if (draft.note === '') return { ok: false, code: 'NOTE_MISSING' };
    if (published?.status === 'active' && sameContent(published.document, draft.document)) return { ok: false, code: 'NOTHING_CHANGED' };
    const refusal = await whyNotPublish(tx, draft, published);
    if (refusal) return refusal;
    if (!(await store.moveDraft(tx, draft, 'draft', 'in_review'))) return { ok: false, code: 'STALE' };
    await record(tx, actor, 'policy.submitted', draft, draft.note);
    return { ok: true, version: draft.version, revision };
  });
}

/** returnDraft sends a draft back for more work, with a reason; what was signed of it is gone. Its editors take it back the same way. */
export function returnDraft(actor: PersonActor, id: string, input: ReturnDraft): Promise<DraftOutcome> {
  const { reason } = ReturnDraft.parse(input);
  return actAs<DraftOutcome>(actor, 'policy:edit', async (tx, doer) => {
    if (!doer) return { ok: false, code: 'NOT_ALLOWED' };
    const found = await lockDraft(tx, id);
    if (!found.ok) return found;
    const { draft } = found;
    if (draft.status !== 'in_review' || !(await store.moveDraft(tx, draft, 'in_review', 'draft')))
      return { ok: false, code: 'NOT_IN_REVIEW' };
    await store.deleteSignatures(tx, draft);
    await store.noteReturn(tx, draft, doer.id, reason);
    await record(tx, actor, 'policy.returned', draft, reason);
    return { ok: true, version: draft.version, revision: revisionOf(draft) };
  });
}

/** discardDraft removes a draft; the ledger keeps that it was there, by digest. */
export function discardDraft(actor: PersonActor, id: string, revision: string): Promise<DraftOutcome> {
  return actAs<DraftOutcome>(actor, 'policy:edit', async (tx) => {
    const found = await lockDraft(tx, id);
    if (!found.ok) return found;
    const { draft } = found;
    if (revisionOf(draft) !== revision) return { ok: false, code: 'STALE' };
    await store.deleteSignatures(tx, draft);
    if (!(await store.deleteDraft(tx, draft))) return { ok: false, code: 'STALE' };
    await record(tx, actor, 'policy.discarded', draft);
    return { ok: true, version: draft.version, revision };
  });
}

type Found = { ok: true; draft: store.DraftRow; published: store.VersionRow | undefined };

/** lockDraft holds a policy until the transaction ends and answers its draft as it stands. */
export async function lockDraft(tx: Tx, id: string): Promise<Found | DraftRefusal> {
  await store.lockPolicy(tx, id);
  const draft = await store.findDraft(tx, id);
  const published = await store.findPublished(tx, id);
  if (!draft) return { ok: false, code: 'NO_DRAFT', inForce: published?.status === 'active' ? published.version : null };
  return { ok: true, draft, published };
}

type Recorded = { id: string; version: number; document: Policy };

export async function record(tx: Tx, actor: PersonActor, kind: EventKind, draft: Recorded, text?: string): Promise<void> {
  const data = { version: draft.version, document: documentDigest(draft.document) };
  const sealed = text ? { sealed: { text } } : {};
  await appendEvent(tx, { kind, actor, subject: { type: 'policy', id: draft.id }, data, ...sealed });
}
