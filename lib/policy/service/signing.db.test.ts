import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { deactivateUser } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { changeDraft, digestNow, draftOf, expectOk, inForce, money, revisionNow, sign, submitted, three, to } from '../testdata/drafts';
import {
  findPolicyVersion,
  listActivePolicies,
  publishPolicy,
  publishRates,
  returnDraft,
  signDraft,
  startDraft,
  submitDraft,
} from './index';

let plane: PeoplePlane;
let editor: TestPerson;
let second: TestPerson;
let third: TestPerson;
beforeAll(async () => {
  plane = await testPeoplePlane();
  [editor, second, third] = await three();
  await publishRates(setup, { base: 'USD', asOf: '2026-11-02', rates: { EUR: '1.092' } });
});
afterAll(() => plane.drop());

const versionInForce = async (id: string) => (await listActivePolicies()).find((policy) => policy.id === id)?.version;

describe('a signature', () => {
  it('of one other person puts a default in force, and retires the version before in the same commit', async () => {
    const policy = await submitted(editor);
    const digest = await digestNow(policy.id);
    expect(await sign(second, policy.id)).toEqual({ ok: true, version: 2, published: true, missing: 0 });
    expect((await listActivePolicies()).filter(({ id }) => id === policy.id)).toEqual([to('400')({ ...policy, version: 2 })]);
    expect(await findPolicyVersion(policy.id, 1)).toEqual(policy);
    const [signed, published] = (await eventsAbout(policy.id)).slice(-2);
    expect(signed).toMatchObject({ kind: 'policy.signed', actor: { id: second.id }, data: { version: 2, document: digest } });
    expect(published).toMatchObject({
      kind: 'policy.published',
      data: { version: 2, replaces: 1, document: digest, signers: [second.id] },
    });
    expect(JSON.stringify(published)).not.toContain('auditors');
  });

  it('of two other persons puts a guardrail in force, the first alone does not', async () => {
    const policy = await submitted(editor, { kind: 'guardrail' });
    expect(await sign(second, policy.id)).toEqual({ ok: true, version: 2, published: false, missing: 1 });
    expect(await versionInForce(policy.id)).toBe(1);
    expect(await sign(third, policy.id)).toEqual({ ok: true, version: 2, published: true, missing: 0 });
    expect(await versionInForce(policy.id)).toBe(2);
    expect((await eventsAbout(policy.id)).at(-1)?.data['signers']).toEqual([second.id, third.id]);
  });

  it('brings an earlier version back, as a new one', async () => {
    const policy = await submitted(editor);
    await expectOk(sign(second, policy.id));
    await expectOk(startDraft(editor.actor, policy.id, 1));
    await expectOk(changeDraft(editor, policy.id, (same) => same, 'Back to what it was.'));
    await expectOk(submitDraft(editor.actor, policy.id, await revisionNow(policy.id)));
    await expectOk(sign(second, policy.id));
    expect(await findPolicyVersion(policy.id, 3)).toEqual({ ...policy, version: 3 });
    expect(await versionInForce(policy.id)).toBe(3);
  });

  it('of several at once publishes once', async () => {
    const policy = await submitted(editor);
    const digest = await digestNow(policy.id);
    const signers = [second, third, second, third];
    const outcomes = await Promise.all(signers.map(({ actor }) => signDraft(actor, policy.id, digest)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    for (const outcome of outcomes) if (!outcome.ok) expect(outcome).toEqual({ ok: false, code: 'NO_DRAFT', inForce: 2 });
    expect((await eventsAbout(policy.id)).filter(({ kind }) => kind === 'policy.published')).toHaveLength(2);
    expect(await prisma().policy.count({ where: { id: policy.id, status: 'active' } })).toBe(1);
  });

  it('of two at once publishes a guardrail once, with both', async () => {
    const policy = await submitted(editor, { kind: 'guardrail' });
    const digest = await digestNow(policy.id);
    const outcomes = await Promise.all([second, third].map(({ actor }) => signDraft(actor, policy.id, digest)));
    expect(outcomes.map((outcome) => outcome.ok && outcome.published).sort()).toEqual([false, true]);
    expect((await eventsAbout(policy.id)).at(-1)?.data['signers']).toHaveLength(2);
  });
});

describe('nothing comes into force by', () => {
  it('the editor, whatever account they use', async () => {
    const policy = await submitted(editor);
    const otherAccount = await person(['admin'], editor.personId);
    for (const who of [editor, otherAccount]) expect(await sign(who, policy.id)).toEqual({ ok: false, code: 'EDITED_IT' });
    expect(await versionInForce(policy.id)).toBe(1);
  });

  it('anybody who edited it once, also when others wrote the rest', async () => {
    const policy = await submitted(editor);
    await returnDraft(second.actor, policy.id, { reason: 'Let me.' });
    await expectOk(changeDraft(second, policy.id, to('450')));
    await expectOk(changeDraft(editor, policy.id, to('460')));
    await expectOk(submitDraft(editor.actor, policy.id, await revisionNow(policy.id)));
    expect(await sign(second, policy.id)).toEqual({ ok: false, code: 'EDITED_IT' });
  });

  it('somebody without the role, or who was removed', async () => {
    const policy = await submitted(editor);
    const others = await person(['process_owner', 'leader', 'security', 'engineer', 'auditor']);
    const removed = await person(['risk']);
    await deactivateUser(setup, removed.id);
    for (const who of [others, removed]) expect(await sign(who, policy.id)).toEqual({ ok: false, code: 'NOT_ALLOWED' });
    expect(await versionInForce(policy.id)).toBe(1);
  });

  it('one person twice, by two accounts', async () => {
    const policy = await submitted(editor, { kind: 'guardrail' });
    const otherAccount = await person(['admin'], second.personId);
    await expectOk(sign(second, policy.id));
    for (const who of [second, otherAccount]) expect(await sign(who, policy.id)).toEqual({ ok: false, code: 'SIGNED_ALREADY' });
    expect(await versionInForce(policy.id)).toBe(1);
  });

  it('a signature whose person was removed before the last one came', async () => {
    const policy = await submitted(editor, { kind: 'guardrail' });
    const leaving = await person(['risk']);
    await expectOk(sign(leaving, policy.id));
    await deactivateUser(setup, leaving.id);
    expect(await sign(second, policy.id)).toMatchObject({ ok: true, published: false, missing: 1 });
    expect(await versionInForce(policy.id)).toBe(1);
  });

  it('a signature under another digest than that of the document', async () => {
    const policy = await submitted(editor);
    const shown = await digestNow(policy.id);
    await returnDraft(editor.actor, policy.id, { reason: 'One more change.' });
    await expectOk(changeDraft(editor, policy.id, to('900000')));
    await expectOk(submitDraft(editor.actor, policy.id, await revisionNow(policy.id)));
    expect(await signDraft(second.actor, policy.id, shown)).toEqual({ ok: false, code: 'DIGEST_CHANGED' });
    expect(await versionInForce(policy.id)).toBe(1);
  });

  it('a signature of what the document was before it went back', async () => {
    const policy = await submitted(editor, { kind: 'guardrail' });
    await expectOk(sign(second, policy.id));
    await returnDraft(editor.actor, policy.id, { reason: 'One more change.' });
    await expectOk(changeDraft(editor, policy.id, to('900000')));
    await expectOk(submitDraft(editor.actor, policy.id, await revisionNow(policy.id)));
    expect(await sign(third, policy.id)).toMatchObject({ ok: true, published: false, missing: 1 });
  });

  it('a draft that is still being written', async () => {
    const policy = await inForce();
    await startDraft(editor.actor, policy.id);
    await changeDraft(editor, policy.id, to('1'));
    expect(await sign(second, policy.id)).toEqual({ ok: false, code: 'NOT_IN_REVIEW' });
  });

  it('a draft that another version overtook', async () => {
    const policy = await submitted(editor);
    await publishPolicy(setup, money(policy.id, 5, '700'));
    expect(await sign(second, policy.id)).toEqual({ ok: false, code: 'VERSION_CAME', inForce: 5 });
    expect(await versionInForce(policy.id)).toBe(5);
    expect((await draftOf(policy.id)).status).toBe('in_review');
  });

  it('a document whose currency lost its rate meanwhile', async () => {
    await publishRates(setup, { base: 'USD', asOf: '2026-11-03', rates: { EUR: '1.092', CHF: '1.1' } });
    const policy = await inForce();
    await startDraft(editor.actor, policy.id);
    await changeDraft(editor, policy.id, (draft) => ({ ...draft, ladders: [{ dimension: 'money', currency: 'CHF', tiers: { 3: '5' } }] }));
    await expectOk(submitDraft(editor.actor, policy.id, await revisionNow(policy.id)));
    await publishRates(setup, { base: 'USD', asOf: '2026-11-04', rates: { EUR: '1.092' } });
    expect(await sign(second, policy.id)).toMatchObject({ ok: false, code: 'INVALID', problems: [{ pointer: '/ladders/0/currency' }] });
    expect(await versionInForce(policy.id)).toBe(1);
  });

  it('taking it back, changing it and sending it again while somebody signs: whichever comes first, nobody signed what they did not see', async () => {
    for (let round = 0; round < 10; round++) {
      const policy = await submitted(editor);
      const shown = await digestNow(policy.id);
      const change = async () => {
        const back = await returnDraft(editor.actor, policy.id, { reason: 'Quick.' });
        if (!back.ok) return;
        await changeDraft(editor, policy.id, to('999999'));
        await submitDraft(editor.actor, policy.id, await revisionNow(policy.id));
      };
      const [signed] = await Promise.all([signDraft(second.actor, policy.id, shown), change()]);
      const document = (await listActivePolicies()).find(({ id }) => id === policy.id);
      if (signed.ok) expect(document).toEqual(to('400')({ ...policy, version: 2 }));
      else expect(document).toEqual(policy);
    }
  });
});
