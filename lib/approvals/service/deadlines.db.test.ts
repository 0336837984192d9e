import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decidersOf } from '@/lib/approvals/domain';
import { countWaitingFor, readApprovalRow, readApprovalRows, readCalls } from '@/lib/approvals/reading';
import { deactivateUser } from '@/lib/people/service';
import { eventsAbout, person, setup, type TestPerson } from '@/lib/people/testdata/people';
import { withClient } from '@/lib/platform/db';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import { agentIn, routeTo, user } from '@/lib/raci/testdata/matrix';
import { createProcess } from '@/lib/registry/service';
import { Gateway, type AskedFor } from '../testdata/requests';
import { approveRequest } from '.';
import { escalateApprovals } from './deadlines';
import { expireApprovals } from './expiry';
import { seeRequest } from './seen';

let plane: PeoplePlane;
let gateway: Gateway;
beforeAll(async () => {
  plane = await testPeoplePlane();
  gateway = await Gateway.start(plane);
});
afterAll(async () => {
  await gateway.stop();
  await plane.drop();
});

const asOwner = (text: string, values: unknown[] = []) => withClient(plane.ownerUrl, (client) => client.query(text, values));

const editAgent = (id: string, column: 'successor_ids' | 'editors', to: readonly string[]) =>
  asOwner(
    `WITH told AS (INSERT INTO ledger_intake (kind, subject, payload) VALUES ('agent.changed', $1, '{}')) UPDATE agents SET ${column} = $2 WHERE id = $1`,
    [id, to],
  );
const giveAgent = (id: string, to: string) =>
  asOwner(
    `WITH told AS (INSERT INTO ledger_intake (kind, subject, payload) VALUES ('agent.changed', $1, '{}')) UPDATE agents SET owner_id = $2 WHERE id = $1`,
    [id, to],
  );

type Place = { process: string; agent: string; accountable: TestPerson; responsible: TestPerson; backup: TestPerson; owner: TestPerson };
/** A process of its own with an Accountable, a Responsible, and an agent with a successor and an owner. */
async function place(): Promise<Place> {
  const [accountable, responsible] = [await person(['process_owner']), await person(['leader'])];
  const [backup, owner] = [await person(['leader']), await person(['leader'])];
  const made = await createProcess(setup, { name: 'Payables', ownerId: accountable.id });
  if (!made.ok) throw new Error(made.code);
  const process = made.process.id;
  await routeTo(process, [user(responsible.id)]);
  const agent = await agentIn(process, owner.id, null);
  await editAgent(agent, 'successor_ids', [backup.id]);
  return { process, agent, accountable, responsible, backup, owner };
}
/** A request of which so much of its hour is gone. */
async function asked({ process, agent }: Pick<Place, 'process' | 'agent'>, share: number, asker?: string): Promise<AskedFor> {
  const request = await gateway.ask({ process, agent, ...(asker === undefined ? {} : { asker }) });
  await goneOf(request, share);
  return request;
}
const goneOf = ({ id }: AskedFor, share: number) =>
  asOwner(
    `UPDATE approvals SET requested_at = now() - make_interval(secs => 3600 * $2::float8), expires_at = now() + make_interval(secs => 3600 * (1 - $2::float8)) WHERE id = $1`,
    [id, share],
  );
const sweep = () => escalateApprovals(prisma());
const rowOf = async ({ id }: AskedFor) => {
  const found = await readApprovalRow(id);
  if (!found) throw new Error(id);
  return found;
};
const callsOf = async ({ id }: AskedFor) => (await readCalls(id)).map(({ step, userId }) => [step, userId]);
const eventsOf = async ({ id }: AskedFor) =>
  (await eventsAbout(id)).map(({ kind, data }) => [kind, data['step'] ?? null, new Set((data['called'] as string[] | undefined) ?? [])]);
const approve = (who: TestPerson, { id, digest }: AskedFor) => approveRequest(who.actor, id, { digest });
const leader = (who: TestPerson) => ({ personId: who.personId, roles: ['leader' as const] });

describe('as its deadline comes near, a request', () => {
  test('is reminded of, then brought to backups, then to who answers for it, each once and in the ledger', async () => {
    const { accountable, responsible, backup, owner, ...where } = await place();
    const request = await asked(where, 0.4);
    expect(await sweep()).toBe(0);
    await goneOf(request, 0.5);
    expect([await sweep(), await sweep()]).toEqual([1, 0]);
    await goneOf(request, 0.75);
    expect([await sweep(), await sweep()]).toEqual([1, 0]);
    await goneOf(request, 0.9);
    expect([await sweep(), await sweep()]).toEqual([1, 0]);
    expect(await callsOf(request)).toHaveLength(5);
    expect(new Set(await callsOf(request))).toEqual(
      new Set([
        [1, accountable.id],
        [1, responsible.id],
        [2, backup.id],
        [3, accountable.id],
        [3, owner.id],
      ]),
    );
    expect(await eventsOf(request)).toEqual([
      ['approval.reminded', 1, new Set([accountable.id, responsible.id])],
      ['approval.escalated', 2, new Set([backup.id])],
      ['approval.escalated', 3, new Set([accountable.id, owner.id])],
    ]);
    await goneOf(request, 1.01);
    expect(await sweep()).toBe(0);
    expect(await expireApprovals(prisma())).toBe(1);
    expect((await eventsOf(request)).at(-1)?.[0]).toBe('approval.expired');
  });

  test('that a late sweep finds goes straight to the step that is due, with one event and the backups it missed', async () => {
    const { accountable, backup, owner, ...where } = await place();
    const request = await asked(where, 0.95);
    expect([await sweep(), await sweep()]).toEqual([1, 0]);
    expect(await eventsOf(request)).toEqual([['approval.escalated', 3, new Set([backup.id, accountable.id, owner.id])]]);
    expect((await callsOf(request)).map(([step]) => step)).toEqual([2, 3, 3]);
  });

  test('calls the managers of its Responsible where no successor can be', async () => {
    const { backup, responsible, ...where } = await place();
    const manager = await person(['leader']);
    await asOwner('UPDATE users SET manager_id = $2 WHERE id = $1', [responsible.id, manager.id]);
    await deactivateUser(setup, backup.id);
    const request = await asked(where, 0.8);
    await sweep();
    expect(await callsOf(request)).toEqual([[2, manager.id]]);
    expect(await approve(manager, request)).toEqual({ ok: true, status: 'approved' });
  });

  test('says in the ledger that nobody could be called, and goes on', async () => {
    const { backup, ...where } = await place();
    await deactivateUser(setup, backup.id);
    const request = await asked(where, 0.8);
    expect([await sweep(), await sweep()]).toEqual([1, 0]);
    expect(await eventsOf(request)).toEqual([['approval.escalated', 2, new Set()]]);
  });

  test.each<[string, (request: AskedFor, where: Place) => Promise<unknown>]>([
    ['somebody decided', (request, { accountable }) => approve(accountable, request)],
    ['it ran out', (request) => goneOf(request, 1.5)],
    [
      'its agent took it back',
      ({ id }) =>
        asOwner(`UPDATE approvals SET status = 'cancelled', decided_at = now(), reason_code = 'CANCELLED_BY_AGENT' WHERE id = $1`, [id]),
    ],
  ])('calls nobody any more once %s', async (_, end) => {
    const where = await place();
    const request = await asked(where, 0.8);
    await end(request, where);
    expect(await sweep()).toBe(0);
    expect(await callsOf(request)).toEqual([]);
  });

  test('is left to the person who holds it at this moment', async () => {
    const request = await asked(await place(), 0.8);
    const holder = new pg.Client({ connectionString: plane.ownerUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM approvals WHERE id = $1 FOR UPDATE', [request.id]);
    expect(await sweep()).toBe(0);
    await holder.query('ROLLBACK');
    await holder.end();
    expect(await sweep()).toBe(1);
  });

  test('calls each person once though several sweeps race for it, in bounded batches', async () => {
    const where = await place();
    const requests = [];
    for (let i = 0; i < 24; i++) requests.push(await asked(where, 0.8));
    const moved = await Promise.all(Array.from({ length: 5 }, () => escalateApprovals(prisma(), 7)));
    expect(Math.max(...moved)).toBeLessThanOrEqual(7);
    let all = moved.reduce((sum, count) => sum + count, 0);
    for (let more = -1; more !== 0; all += more) more = await escalateApprovals(prisma(), 7);
    expect(all).toBe(24);
    for (const request of requests) {
      expect(await callsOf(request)).toEqual([[2, where.backup.id]]);
      expect(await eventsOf(request)).toHaveLength(1);
    }
  });
});

describe('a backup', () => {
  test('may not decide before they are called, and from then on may, and sees it as theirs', async () => {
    const { backup, accountable, responsible, ...where } = await place();
    const request = await asked(where, 0.6);
    await sweep();
    expect(await approve(backup, request)).toMatchObject({ ok: false, refusal: { code: 'NOT_ALLOWED' } });
    expect(await countWaitingFor(leader(backup))).toMatchObject({ mine: 0 });
    await goneOf(request, 0.8);
    await sweep();
    expect(decidersOf(await rowOf(request)).map(({ id, how }) => [id, how])).toEqual([
      [accountable.id, 'accountable'],
      [responsible.id, 'responsible'],
      [backup.id, 'backup'],
    ]);
    expect((await readApprovalRows(leader(backup), { tab: 'mine' })).rows.map(({ id }) => id)).toEqual([request.id]);
    expect(await countWaitingFor(leader(backup))).toMatchObject({ mine: 1 });
    expect(await seeRequest(backup.actor, request.id)).toMatchObject({ ok: true });
    expect(await approve(backup, request)).toEqual({ ok: true, status: 'approved' });
    expect(await countWaitingFor(leader(backup))).toMatchObject({ mine: 0 });
  });

  test('of one request may decide no other', async () => {
    const { backup, ...where } = await place();
    const [called, other] = [await asked(where, 0.8), await asked(where, 0.1)];
    await sweep();
    expect(await approve(backup, other)).toMatchObject({ ok: false, refusal: { code: 'NOT_ALLOWED' } });
    expect(await approve(backup, called)).toMatchObject({ ok: true });
  });

  test.each<[string, (where: Place) => Promise<unknown>]>([
    ['whose account was removed', ({ backup }) => deactivateUser(setup, backup.id)],
    ['who lost the role that signs', ({ backup }) => asOwner(`UPDATE users SET roles = '{auditor}' WHERE id = $1`, [backup.id])],
    ['who has edited the agent since', ({ backup, agent }) => editAgent(agent, 'editors', [backup.personId])],
    ['who is no successor of it any more', ({ agent, owner }) => editAgent(agent, 'successor_ids', [owner.id])],
  ])('%s may no longer decide', async (_, end) => {
    const where = await place();
    const request = await asked(where, 0.8);
    await sweep();
    await end(where);
    expect(await approve(where.backup, request)).toMatchObject({ ok: false });
    expect(decidersOf(await rowOf(request)).map(({ id }) => id)).not.toContain(where.backup.id);
  });

  test('called as a manager may no longer decide once nobody of theirs is Responsible', async () => {
    const { backup, responsible, process, ...where } = await place();
    const manager = await person(['leader']);
    await asOwner('UPDATE users SET manager_id = $2 WHERE id = $1', [responsible.id, manager.id]);
    await deactivateUser(setup, backup.id);
    const request = await asked({ process, ...where }, 0.8);
    await sweep();
    await routeTo(process, [user((await person(['leader'])).id)]);
    expect(await approve(manager, request)).toMatchObject({ ok: false, refusal: { code: 'NOT_ALLOWED' } });
  });

  test('for whom it was asked is not called, under no account', async () => {
    const { backup, ...where } = await place();
    const request = await asked(where, 0.8, backup.email.toUpperCase());
    await sweep();
    expect(await callsOf(request)).toEqual([]);
    expect(await approve(backup, request)).toMatchObject({ ok: false, refusal: { code: 'OWN_REQUEST' } });
  });
});

describe('who answers for it', () => {
  test('and was called may no longer decide once the Escalation row names another Accountable', async () => {
    const { accountable, responsible, process, ...where } = await place();
    const request = await asked({ process, ...where }, 0.95);
    await sweep();
    await routeTo(process, [user(responsible.id)], (await person(['process_owner'])).id);
    expect(await approve(accountable, request)).toMatchObject({ ok: false, refusal: { code: 'NOT_ALLOWED' } });
    expect(decidersOf(await rowOf(request)).map(({ id }) => id)).not.toContain(accountable.id);
  });

  test('and was called may no longer decide once the agent is somebody else’s', async () => {
    const { owner, agent, ...where } = await place();
    const request = await asked({ agent, ...where }, 0.95);
    await sweep();
    expect(decidersOf(await rowOf(request)).map(({ id, how }) => [id, how])).toContainEqual([owner.id, 'owner']);
    await giveAgent(agent, (await person(['leader'])).id);
    expect(await approve(owner, request)).toMatchObject({ ok: false, refusal: { code: 'NOT_ALLOWED' } });
  });
});

test('an auditor who was called by mistake has nothing that waits for them', async () => {
  const { backup, ...where } = await place();
  await asked(where, 0.8);
  await sweep();
  expect(await countWaitingFor({ personId: backup.personId, roles: ['auditor'] })).toMatchObject({ mine: 0 });
});
