import { appendEvent } from '@/lib/ledger/service';
import { may } from '@/lib/people/permissions';
import { actAs, lockActor, type PersonActor, type Tx } from '@/lib/people/service';
import { countingSigners, signaturesMissing, whyNotSign } from '../domain/drafting';
import type { DraftRefusal } from '../schema';
import * as store from '../store';
import { documentDigest } from './digests';
import { lockDraft, record } from './drafts';
import { whyNotPublish } from './publishable';

export type SignOutcome = { ok: true; version: number; published: boolean; missing: number } | DraftRefusal;

/**
 * signDraft signs the document with this digest, which is what the person was shown. Nobody who edited it signs it, whatever account they use. With
 * the last signature that is needed (one; two for a guardrail) the draft comes into force and the version before is retired, in the same commit.
 */
export function signDraft(actor: PersonActor, id: string, digest: string): Promise<SignOutcome> {
  return actAs<SignOutcome>(actor, 'policy:publish', async (tx, doer) => {
    if (!doer) return { ok: false, code: 'NOT_ALLOWED' };
    const found = await lockDraft(tx, id);
    if (!found.ok) return found;
    const { draft } = found;
    const document = documentDigest(draft.document);
    const before = await signaturesThatCount(tx, draft, document);
    const refusal = whyNotSign(doer, { ...draft, signers: before.persons });
    if (refusal) return { ok: false, code: refusal };
    if (digest !== document) return { ok: false, code: 'DIGEST_CHANGED' };
    const blocked = await whyNotPublish(tx, draft, found.published);
    if (blocked) return blocked;
    await store.insertSignature(tx, draft, { personId: doer.personId, userId: doer.id, document });
    await record(tx, actor, 'policy.signed', draft);
    const missing = signaturesMissing(draft.document.kind, [...before.persons, doer.personId]);
    if (missing === 0) await putInForce(tx, actor, draft, [...before.users, doer.id]);
    return { ok: true, version: draft.version, published: missing === 0, missing };
  });
}

/** A signature of somebody who was removed since, or lost the role, does not count. */
async function signaturesThatCount(tx: Tx, draft: store.DraftRow, document: string): Promise<{ persons: string[]; users: string[] }> {
  const signatures = await store.listSignatures(tx, draft.id, draft.version);
  const facts = [];
  for (const signature of signatures) {
    const user = await lockActor(tx, signature.userId);
    facts.push({ ...signature, mayPublish: user !== undefined && may(user, 'policy:publish') });
  }
  const persons = countingSigners(facts, document, draft.editors);
  return { persons, users: facts.filter(({ personId }) => persons.includes(personId)).map(({ userId }) => userId) };
}

async function putInForce(tx: Tx, actor: PersonActor, draft: store.DraftRow, signers: string[]): Promise<void> {
  const replaces = await store.retireActive(tx, draft.id);
  // Under the policy's lock and found in review, so anything but one row is a fault that must undo the whole commit.
  if (!(await store.activateDraft(tx, draft, actor.id))) throw new Error(`the draft of ${draft.id} is gone`);
  const data = {
    version: draft.version,
    ...(replaces === undefined ? {} : { replaces }),
    document: documentDigest(draft.document),
    signers,
  };
  const subject = { type: 'policy', id: draft.id };
  await appendEvent(tx, { kind: 'policy.published', actor, subject, data, ...(draft.note === '' ? {} : { sealed: { text: draft.note } }) });
}
