import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actionType, World } from '@/lib/http/agent/testdata/world';
import { person, type TestPerson } from '@/lib/people/testdata/people';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { changeDraft, expectOk, revisionNow, sign } from '../testdata/drafts';
import type { Policy } from '../schema';
import { createPolicy, startDraft, submitDraft } from './index';

let world: World;
let plane: PeoplePlane;
let agent: string;
let editor: TestPerson;
let second: TestPerson;
let third: TestPerson;

beforeAll(async () => {
  world = await World.build(2);
  plane = await testPeoplePlane();
  // The people and both gateways on one database.
  process.env['DATABASE_URL_WEB'] = world.database.webUrl;
  await world.addActionTypes([
    actionType('payments.schedule', { money: { pointer: '/amount', currency: { constant: 'USD' } } }),
    actionType('payments.urgent', { money: { pointer: '/amount', currency: { constant: 'USD' } } }),
  ]);
  agent = await world.addAgent(['payments.schedule', 'payments.urgent']);
  [editor, second, third] = [await person(['risk']), await person(['admin']), await person(['risk'])];
});
afterAll(async () => {
  await world.end();
  await plane.drop();
});

const payments = 'pol_baseline_payments';
const approvalFrom =
  (amount: string) =>
  (policy: Policy): Policy => ({ ...policy, ladders: [{ dimension: 'money', currency: 'USD', tiers: { 2: '500', 3: amount } }] });

/** One check on each gateway, of an amount nobody asked about before. */
let cents = 0;
async function checkBoth(action: string, amount: number) {
  const answers = [];
  for (const gateway of [0, 1]) {
    const args = { amount: `${amount}.${String(++cents).padStart(2, '0')}` };
    answers.push((await world.check(await world.token(agent, {}, gateway), action, args, { gateway })).answer.context);
  }
  return answers;
}

describe('a policy that people changed', () => {
  it('decides the next check on every gateway, and is named in it; before the last signature nothing differs', async () => {
    for (const context of await checkBoth('payments.schedule', 2000)) expect(context).toMatchObject({ tier: 2 });
    await expectOk(startDraft(editor.actor, payments));
    await expectOk(changeDraft(editor, payments, approvalFrom('1000')));
    for (const context of await checkBoth('payments.schedule', 2000)) expect(context).toMatchObject({ tier: 2 });
    await expectOk(submitDraft(editor.actor, payments, await revisionNow(payments)));
    for (const context of await checkBoth('payments.schedule', 2000)) expect(context).toMatchObject({ tier: 2 });
    await expectOk(sign(second, payments));
    for (const context of await checkBoth('payments.schedule', 2000))
      expect(context).toMatchObject({
        tier: 3,
        verdict: 'approval_required',
        reasons: [{ code: 'MONEY_TIER_3', threshold: '1000 USD', policy: payments, version: 2 }],
      });
  });

  it('and is a guardrail, holds from its second signature on, whatever a default says', async () => {
    const { id } = await expectOk(createPolicy(editor.actor, { name: 'No urgent payments alone', kind: 'guardrail' }));
    await expectOk(
      changeDraft(editor, id, (policy) => ({
        ...policy,
        selector: { level: 'agent', agent, actions: ['payments.urgent'] },
        ladders: [{ dimension: 'money', currency: 'USD', tiers: { 4: '1' } }],
      })),
    );
    await expectOk(submitDraft(editor.actor, id, await revisionNow(id)));
    await expectOk(sign(second, id));
    for (const context of await checkBoth('payments.urgent', 20)) expect(context).toMatchObject({ tier: 1 });
    await expectOk(sign(third, id));
    for (const context of await checkBoth('payments.urgent', 20))
      expect(context).toMatchObject({ tier: 4, verdict: 'halt', reasons: [{ policy: id, version: 1 }] });
  });

  it('brings the old tier back when an earlier version is signed again', async () => {
    await expectOk(startDraft(editor.actor, payments, 1));
    await expectOk(changeDraft(editor, payments, (same) => same, 'Too many approvals.'));
    await expectOk(submitDraft(editor.actor, payments, await revisionNow(payments)));
    await expectOk(sign(second, payments));
    for (const context of await checkBoth('payments.schedule', 2000))
      expect(context).toMatchObject({ tier: 2, reasons: [{ policy: payments, version: 3 }] });
  });
});
