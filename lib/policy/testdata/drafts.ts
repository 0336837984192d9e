import { person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import type { Policy } from '../schema';
import { publishPolicy, saveDraft, signDraft, startDraft, submitDraft } from '../service';
import { documentDigest, revisionOf } from '../service/digests';
import * as store from '../store';

let made = 0;
/** freshId is the id of a policy nobody wrote yet. */
export const freshId = (): string => `pol_test${++made}`;

export const money = (id: string, version: number, from: string, more: Partial<Policy> = {}): Policy => ({
  id,
  name: 'Money',
  version,
  kind: 'default',
  selector: { level: 'organisation', actions: ['*'] },
  ladders: [{ dimension: 'money', currency: 'USD', tiers: { 3: from } }],
  ...more,
});

/** inForce publishes version 1 of a policy as set-up does. */
export async function inForce(more: Partial<Policy> = {}): Promise<Policy> {
  const policy = money(freshId(), 1, '500', more);
  const outcome = await publishPolicy(setup, policy);
  if (!outcome.ok) throw new Error(outcome.code);
  return policy;
}

export async function draftOf(id: string): Promise<store.DraftRow> {
  const draft = await store.findDraft(prisma(), id);
  if (!draft) throw new Error(`${id} has no draft`);
  return draft;
}

export const revisionNow = async (id: string): Promise<string> => revisionOf(await draftOf(id));
export const digestNow = async (id: string): Promise<string> => documentDigest((await draftOf(id)).document);

/** changeDraft saves a draft as its form would: from what is there now. */
export async function changeDraft(by: TestPerson, id: string, change: (policy: Policy) => Policy, note = 'The auditors asked for it.') {
  const draft = await draftOf(id);
  return saveDraft(by.actor, id, { revision: revisionOf(draft), document: change(draft.document), note, basedOn: draft.basedOn });
}

export const to =
  (from: string) =>
  (policy: Policy): Policy => ({ ...policy, ladders: [{ dimension: 'money', currency: 'USD', tiers: { 3: from } }] });

/** submitted is a policy in force with a changed draft that waits for signatures. */
export async function submitted(editor: TestPerson, more: Partial<Policy> = {}, from = '400'): Promise<Policy> {
  const policy = await inForce(more);
  await expectOk(startDraft(editor.actor, policy.id));
  await expectOk(changeDraft(editor, policy.id, to(from)));
  await expectOk(submitDraft(editor.actor, policy.id, await revisionNow(policy.id)));
  return policy;
}

export async function sign(by: TestPerson, id: string) {
  return signDraft(by.actor, id, await digestNow(id));
}

export async function expectOk<Outcome extends { ok: boolean }>(outcome: Promise<Outcome>): Promise<Outcome & { ok: true }> {
  const answer = await outcome;
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer)}`);
  // Checked above: the flag is what tells the union's members apart.
  return answer as Outcome & { ok: true };
}

/** Three persons who may edit and sign. */
export async function three(): Promise<[TestPerson, TestPerson, TestPerson]> {
  return [await person(['risk']), await person(['admin']), await person(['risk'])];
}
