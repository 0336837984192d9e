import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { changeDraft, draftOf, expectOk, freshId, inForce, money, revisionNow, sign, submitted, to } from '../testdata/drafts';
import type { Policy } from '../schema';
import {
  createPolicy,
  discardDraft,
  findPolicyVersion,
  publishPolicy,
  publishRates,
  retirePolicy,
  returnDraft,
  saveDraft,
  startDraft,
  submitDraft,
} from './index';

let plane: PeoplePlane;
let risk: TestPerson;
let admin: TestPerson;
let outsiders: TestPerson[];
beforeAll(async () => {
  plane = await testPeoplePlane();
  risk = await person(['risk']);
  admin = await person(['admin']);
  outsiders = [await person(['process_owner', 'leader', 'security', 'engineer', 'auditor'])];
  await publishRates(setup, { base: 'USD', asOf: '2026-11-02', rates: { EUR: '1.092' } });
});
afterAll(() => plane.drop());

const missing = 'pol_nobody_wrote';
const zeros = `sha-256:${'0'.repeat(64)}`;

describe('a draft', () => {
  it('begins as the version in force, and changes nothing', async () => {
    const policy = await inForce({ approval: { slaSeconds: 60 } });
    expect(await startDraft(risk.actor, policy.id)).toEqual({ ok: true, id: policy.id, version: 2 });
    const draft = await draftOf(policy.id);
    expect(draft).toMatchObject({ version: 2, status: 'draft', basedOn: 1, editors: [risk.personId], document: { ...policy, version: 2 } });
    expect(await prisma().policy.count({ where: { id: policy.id, status: 'active', version: 1 } })).toBe(1);
    expect((await eventsAbout(policy.id)).map(({ kind, data }) => [kind, data['version']])).toEqual([
      ['policy.published', 1],
      ['policy.drafted', 2],
    ]);
  });

  it('begins as nothing for a policy nobody wrote', async () => {
    const begun = await expectOk(createPolicy(admin.actor, { name: 'Refunds', kind: 'guardrail' }));
    expect(await draftOf(begun.id)).toMatchObject({ version: 1, basedOn: null, document: { kind: 'guardrail', ladders: [] } });
  });

  it('goes back to an earlier version by starting from it', async () => {
    const policy = await inForce();
    await publishPolicy(setup, money(policy.id, 2, '900'));
    await expectOk(startDraft(risk.actor, policy.id, 1));
    expect(await draftOf(policy.id)).toMatchObject({ version: 3, basedOn: 2, document: { ...policy, version: 3 } });
  });

  it('is saved whole, by several people, each of whom is then one of its editors', async () => {
    const policy = await inForce();
    await startDraft(risk.actor, policy.id);
    await expectOk(changeDraft(risk, policy.id, to('400'), 'First'));
    await expectOk(changeDraft(admin, policy.id, to('300'), 'Second'));
    const draft = await draftOf(policy.id);
    expect(draft).toMatchObject({ editors: [risk.personId, admin.personId], note: 'Second' });
    expect(draft.document).toEqual({ ...to('300')(policy), version: 2 });
    const events = await eventsAbout(policy.id);
    expect(events.map(({ kind }) => kind)).toEqual(['policy.published', 'policy.drafted', 'policy.drafted', 'policy.drafted']);
    expect(JSON.stringify(events)).not.toContain('Second');
  });

  it('saved as it is writes nothing, and makes nobody an editor', async () => {
    const policy = await inForce();
    await startDraft(risk.actor, policy.id);
    await expectOk(changeDraft(admin, policy.id, (same) => same, ''));
    expect((await draftOf(policy.id)).editors).toEqual([risk.personId]);
    expect(await eventsAbout(policy.id)).toHaveLength(2);
  });

  it('goes back with a reason, and can be sent again', async () => {
    const policy = await submitted(risk);
    await expectOk(returnDraft(admin.actor, policy.id, { reason: 'The limit is too low for quarter end.' }));
    expect(await draftOf(policy.id)).toMatchObject({
      status: 'draft',
      returnedBy: admin.id,
      returnReason: 'The limit is too low for quarter end.',
    });
    expect(JSON.stringify(await eventsAbout(policy.id))).not.toContain('quarter end');
    await expectOk(changeDraft(risk, policy.id, to('450')));
    await expectOk(submitDraft(risk.actor, policy.id, await revisionNow(policy.id)));
    expect(await draftOf(policy.id)).toMatchObject({ status: 'in_review', returnedBy: null, returnReason: null });
  });

  it('is discarded whole, signatures too, and what is in force stays', async () => {
    const policy = await submitted(risk, { kind: 'guardrail' });
    await expectOk(sign(admin, policy.id));
    await expectOk(discardDraft(risk.actor, policy.id, await revisionNow(policy.id)));
    expect(await findPolicyVersion(policy.id, 2)).toBeUndefined();
    expect(await prisma().policySignature.count({ where: { policyId: policy.id } })).toBe(0);
    expect(await findPolicyVersion(policy.id, 1)).toEqual(policy);
    expect((await eventsAbout(policy.id)).at(-1)?.kind).toBe('policy.discarded');
  });

  it('that another version overtook is carried over by saving it against that one', async () => {
    const policy = await inForce();
    await startDraft(risk.actor, policy.id);
    await expectOk(changeDraft(risk, policy.id, to('400')));
    await publishPolicy(setup, money(policy.id, 3, '900'));
    expect(await submitDraft(risk.actor, policy.id, await revisionNow(policy.id))).toEqual({ ok: false, code: 'VERSION_CAME', inForce: 3 });
    const { document, note } = await draftOf(policy.id);
    const saved = await expectOk(saveDraft(risk.actor, policy.id, { revision: await revisionNow(policy.id), document, note, basedOn: 3 }));
    expect(saved.version).toBe(4);
    expect(await draftOf(policy.id)).toMatchObject({ version: 4, basedOn: 3, document: { version: 4 } });
    await expectOk(submitDraft(risk.actor, policy.id, saved.revision));
  });
});

describe('a draft is not', () => {
  it('begun, saved, sent, returned or discarded by anybody but risk and admin', async () => {
    const policy = await submitted(risk);
    const begun = await inForce();
    for (const { actor } of outsiders) {
      const refused = { ok: false, code: 'NOT_ALLOWED' };
      expect(await createPolicy(actor, { name: 'Mine', kind: 'default' })).toEqual(refused);
      expect(await startDraft(actor, begun.id)).toEqual(refused);
      const { document, note } = await draftOf(policy.id);
      expect(await saveDraft(actor, policy.id, { revision: zeros, document, note, basedOn: 1 })).toEqual(refused);
      expect(await submitDraft(actor, policy.id, zeros)).toEqual(refused);
      expect(await returnDraft(actor, policy.id, { reason: 'no' })).toEqual(refused);
      expect(await discardDraft(actor, policy.id, zeros)).toEqual(refused);
    }
    expect((await draftOf(policy.id)).status).toBe('in_review');
  });

  it('begun twice, nor of a policy or version that never was, nor with a taken id', async () => {
    const policy = await inForce();
    await startDraft(risk.actor, policy.id);
    expect(await startDraft(admin.actor, policy.id)).toEqual({ ok: false, code: 'DRAFT_EXISTS' });
    expect(await startDraft(admin.actor, missing)).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await startDraft(admin.actor, (await inForce()).id, 7)).toEqual({ ok: false, code: 'NOT_FOUND' });
    expect(await createPolicy(admin.actor, { id: policy.id, name: 'Again', kind: 'default' })).toEqual({ ok: false, code: 'ID_TAKEN' });
  });

  it('begun from itself: a draft is no version to go back to', async () => {
    const policy = await submitted(risk);
    expect(await startDraft(admin.actor, policy.id, 2)).toEqual({ ok: false, code: 'NOT_FOUND' });
  });

  it('begun twice when two begin at once', async () => {
    const policy = await inForce();
    const outcomes = await Promise.all([risk, admin, risk, admin].map(({ actor }) => startDraft(actor, policy.id)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await prisma().policy.count({ where: { id: policy.id, status: 'draft' } })).toBe(1);
  });

  it('saved over what somebody else saved meanwhile, however close', async () => {
    const policy = await inForce();
    await startDraft(risk.actor, policy.id);
    const revision = await revisionNow(policy.id);
    const { document } = await draftOf(policy.id);
    const save = ({ actor }: TestPerson, from: string) =>
      saveDraft(actor, policy.id, { revision, document: to(from)(document), note: '', basedOn: 1 });
    const outcomes = await Promise.all([save(risk, '1'), save(admin, '2'), save(risk, '3')]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(outcomes.filter((outcome) => !outcome.ok).map((outcome) => !outcome.ok && outcome.code)).toEqual(['STALE', 'STALE']);
  });

  it.each<[string, (policy: Policy) => Policy, string]>([
    ['another id', (policy) => ({ ...policy, id: 'pol_other' }), '/id'],
    ['another version', (policy) => ({ ...policy, version: 9 }), '/version'],
    ['a default that was a guardrail', (policy) => ({ ...policy, kind: 'default' }), '/kind'],
    ['outside the baseline it was part of', (policy) => ({ ...policy, baseline: false }), '/baseline'],
  ])('saved as %s', async (_name, change, pointer) => {
    const policy = await inForce({ kind: 'guardrail', baseline: true });
    await startDraft(risk.actor, policy.id);
    const outcome = await changeDraft(risk, policy.id, change);
    expect(outcome).toMatchObject({ ok: false, code: 'INVALID', problems: [{ pointer }] });
    expect((await draftOf(policy.id)).document).toEqual({ ...policy, version: 2 });
  });

  it('made part of the baseline by whoever writes it', async () => {
    const { id } = await expectOk(createPolicy(risk.actor, { name: 'New', kind: 'default' }));
    expect(await changeDraft(risk, id, (policy) => ({ ...policy, baseline: true }))).toMatchObject({
      code: 'INVALID',
      problems: [{ pointer: '/baseline' }],
    });
  });

  it('saved or sent while it is reviewed, nor returned while it is written', async () => {
    const policy = await submitted(risk);
    expect(await changeDraft(risk, policy.id, to('1'))).toEqual({ ok: false, code: 'IN_REVIEW' });
    expect(await submitDraft(risk.actor, policy.id, await revisionNow(policy.id))).toEqual({ ok: false, code: 'IN_REVIEW' });
    await returnDraft(risk.actor, policy.id, { reason: 'A typo.' });
    expect(await returnDraft(risk.actor, policy.id, { reason: 'Again.' })).toEqual({ ok: false, code: 'NOT_IN_REVIEW' });
  });

  it('sent without a reason, without a change, or as somebody else left it', async () => {
    const policy = await inForce();
    await startDraft(risk.actor, policy.id);
    const send = async () => submitDraft(risk.actor, policy.id, await revisionNow(policy.id));
    expect(await send()).toEqual({ ok: false, code: 'NOTE_MISSING' });
    await changeDraft(risk, policy.id, (same) => same, 'Why not.');
    expect(await send()).toEqual({ ok: false, code: 'NOTHING_CHANGED' });
    await changeDraft(risk, policy.id, to('400'));
    expect(await submitDraft(risk.actor, policy.id, zeros)).toEqual({ ok: false, code: 'STALE' });
  });

  it.each<[string, (policy: Policy) => Policy, string]>([
    [
      'a threshold in a currency without a rate',
      (policy) => ({ ...policy, ladders: [{ dimension: 'money', currency: 'GBP', tiers: { 3: '5' } }] }),
      '/ladders/0/currency',
    ],
    [
      'a process nobody has',
      (policy) => ({ ...policy, selector: { level: 'process', process: 'prc_none', actions: ['*'] } }),
      '/selector/process',
    ],
    [
      'an agent nobody has',
      (policy) => ({ ...policy, selector: { level: 'agent', agent: 'agt_none', actions: ['*'] } }),
      '/selector/agent',
    ],
  ])('sent with %s; it is kept as it was saved', async (_name, change, pointer) => {
    const { id } = await expectOk(createPolicy(risk.actor, { id: freshId(), name: 'New', kind: 'default' }));
    await expectOk(changeDraft(risk, id, change));
    expect(await submitDraft(risk.actor, id, await revisionNow(id))).toMatchObject({ code: 'INVALID', problems: [{ pointer }] });
    expect((await draftOf(id)).status).toBe('draft');
    expect((await draftOf(id)).document).toEqual(change((await draftOf(id)).document));
  });

  it('there any more once it was discarded', async () => {
    const policy = await submitted(risk);
    const revision = await revisionNow(policy.id);
    await discardDraft(admin.actor, policy.id, revision);
    expect(await discardDraft(risk.actor, policy.id, revision)).toEqual({ ok: false, code: 'NO_DRAFT', inForce: 1 });
    expect(await returnDraft(risk.actor, missing, { reason: 'x' })).toEqual({ ok: false, code: 'NO_DRAFT', inForce: null });
  });

  it('put in force over a retirement it does not know of', async () => {
    const policy = await submitted(risk);
    await retirePolicy(setup, policy.id);
    expect(await sign(admin, policy.id)).toEqual({ ok: false, code: 'VERSION_CAME', inForce: null });
  });
});
