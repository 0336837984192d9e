import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { deactivateUser, findUser, type User } from '@/lib/people/service';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { publishPolicy, returnDraft, startDraft } from '../service';
import { changeDraft, freshId, inForce, money, sign, submitted, to } from '../testdata/drafts';
import { listPolicies, readDraft, readEffectiveTiers, readFormOptions, readPolicy, readPolicyVersion } from './index';
import { DraftPage, FormOptions, PolicyList, PolicyPage } from './schema';

let plane: PeoplePlane;
let editor: TestPerson;
let second: TestPerson;
let auditor: TestPerson;
beforeAll(async () => {
  plane = await testPeoplePlane();
  editor = await person(['risk']);
  second = await person(['admin']);
  auditor = await person(['auditor']);
});
afterAll(() => plane.drop());

async function user({ id }: TestPerson): Promise<User> {
  const found = await findUser(id);
  if (!found) throw new Error(id);
  return found;
}

describe('the list of policies', () => {
  it('says what each person can do next', async () => {
    const policy = await submitted(editor);
    const stepOf = async (who: TestPerson) => {
      const { items } = PolicyList.parse({ items: await listPolicies(await user(who)) });
      return items.find(({ id }) => id === policy.id);
    };
    expect(await stepOf(second)).toMatchObject({ step: 'sign', inForce: { version: 1 }, draft: { status: 'in_review', missing: 1 } });
    expect((await stepOf(editor))?.step).toBe('look');
    expect((await stepOf(auditor))?.step).toBe('look');
    await returnDraft(second.actor, policy.id, { reason: 'Later.' });
    expect(await stepOf(second)).toMatchObject({ step: 'edit', draft: { returned: true } });
    await sign(second, policy.id);
  });
});

describe('a draft as it is shown', () => {
  it('tells each why they cannot sign, and who can', async () => {
    const policy = await submitted(editor, { kind: 'guardrail' });
    const seenBy = async (who: TestPerson) => DraftPage.parse(await readDraft(await user(who), policy.id));
    expect(await seenBy(editor)).toMatchObject({ signBlock: 'EDITED_IT', mayEdit: true, needed: 2, missing: 2 });
    expect(await seenBy(auditor)).toMatchObject({ signBlock: 'NOT_ALLOWED', mayEdit: false });
    expect(await seenBy(second)).toMatchObject({ signBlock: null });
    expect((await seenBy(second)).maySign.map(({ id }) => id)).not.toContain(editor.id);
    await sign(second, policy.id);
    expect(await seenBy(second)).toMatchObject({ signBlock: 'SIGNED_ALREADY', missing: 1, signed: [{ name: 'Test Person' }] });
  });

  it('counts no signature of somebody who was removed', async () => {
    const policy = await submitted(editor, { kind: 'guardrail' });
    const leaving = await person(['risk']);
    await sign(leaving, policy.id);
    await deactivateUser(setup, leaving.id);
    expect(await readDraft(await user(second), policy.id)).toMatchObject({ missing: 2, signed: [] });
  });

  it('says that another version overtook it', async () => {
    const policy = await inForce();
    await startDraft(editor.actor, policy.id);
    await changeDraft(editor, policy.id, to('300'));
    expect(await readDraft(await user(editor), policy.id)).toMatchObject({ overtaken: false, inForce: { version: 1 }, kindOpen: false });
    await publishPolicy(setup, money(policy.id, 5, '700'));
    expect(await readDraft(await user(editor), policy.id)).toMatchObject({ overtaken: true, inForce: { version: 5 } });
  });

  it('is not there for a policy without one', async () => {
    const policy = await inForce();
    expect(await readDraft(await user(editor), policy.id)).toBeUndefined();
    expect(await readDraft(await user(editor), freshId())).toBeUndefined();
  });

  it('comes with the guardrails of others, and not with its own', async () => {
    const [own, other] = [await inForce({ kind: 'guardrail' }), await inForce({ kind: 'guardrail' })];
    const ids = FormOptions.parse(await readFormOptions(own.id)).guardrails.map(({ id }) => id);
    expect(ids).toContain(other.id);
    expect(ids).not.toContain(own.id);
  });
});

describe('a policy as it is shown', () => {
  it('lists its versions with who wrote and signed them and why, drafts apart', async () => {
    const policy = await submitted(editor);
    await sign(second, policy.id);
    await startDraft(editor.actor, policy.id);
    const page = PolicyPage.parse(await readPolicy(await user(auditor), policy.id));
    expect(page).toMatchObject({ latest: { version: 2 }, draft: { version: 3 }, mayEdit: false });
    expect(page.versions).toMatchObject([
      { version: 2, status: 'active', note: 'The auditors asked for it.', signed: [{ name: 'Test Person' }] },
      { version: 1, status: 'retired', draftedBy: null, signed: [] },
    ]);
    expect(await readPolicyVersion(policy.id, 2)).toMatchObject({ shown: { version: 2 }, before: { version: 1 }, inForce: 2 });
  });

  it('has no version that was never in force, and is not there when nobody wrote it', async () => {
    const policy = await submitted(editor);
    expect(await readPolicyVersion(policy.id, 2)).toBeUndefined();
    expect(await readPolicy(await user(auditor), freshId())).toBeUndefined();
    expect(await readEffectiveTiers('agt_none')).toBeUndefined();
  });
});
