import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readApprovalRow } from '@/lib/approvals/reading';
import { readSide, readUnsealed } from '@/lib/ledger/reading';
import { deactivateUser } from '@/lib/people/service';
import { person, setup, waitUntilBlocked, type TestPerson } from '@/lib/people/testdata/people';
import { prisma } from '@/lib/platform/db/prisma';
import { testPeoplePlane, type PeoplePlane } from '@/lib/platform/testing/people-plane';
import type { Holder } from '@/lib/raci/schema';
import { routeTo, user } from '@/lib/raci/testdata/matrix';
import { createProcess } from '@/lib/registry/service';
import { Gateway, type AskedFor, type Asking } from '../testdata/requests';
import { approveRequest, decideAs, rejectRequest } from '.';
import { expireApprovals } from './expiry';

let plane: PeoplePlane;
let gateway: Gateway;
let owner: TestPerson;
let leader: TestPerson;
let process: string;

beforeAll(async () => {
  plane = await testPeoplePlane();
  [owner, leader] = [await person(['process_owner']), await person(['leader'])];
  const created = await createProcess(setup, { name: 'Payables', ownerId: owner.id });
  if (!created.ok) throw new Error(created.code);
  process = created.process.id;
  await routeTo(process, [user(owner.id), user(leader.id)]);
  gateway = await Gateway.start(plane);
});
afterAll(async () => {
  await gateway.stop();
  await plane.drop();
});

const ask = (change: Partial<Asking> = {}): Promise<AskedFor> => gateway.ask({ process, ...change });
const approve = (who: TestPerson, { id, digest }: AskedFor) => approveRequest(who.actor, id, { digest });

/** A process of its own whose Escalation row names these, with its owner Accountable. */
async function routed(responsible: Holder[]): Promise<{ process: string; accountable: TestPerson }> {
  const accountable = await person(['process_owner']);
  const created = await createProcess(setup, { name: 'Routed', ownerId: accountable.id });
  if (!created.ok) throw new Error(created.code);
  await routeTo(created.process.id, responsible);
  return { process: created.process.id, accountable };
}

async function eventsOf(approvalId: string) {
  const rows = await prisma().$queryRaw<{ seq: bigint }[]>`
    SELECT seq FROM ledger WHERE position(convert_to(${`"subject":{"type":"approval","id":"${approvalId}"}`}, 'UTF8') IN bytes) > 0 ORDER BY seq`;
  const events = await readUnsealed(rows.map((row) => row.seq));
  return rows.map((row) => events.get(row.seq)?.event);
}

describe('a verdict becomes a fact', () => {
  test('with its event in the same commit, naming the decision, whose digest only its side row holds', async () => {
    const asked = await ask();
    expect(await approve(owner, asked)).toEqual({ ok: true, status: 'approved' });
    expect(await readApprovalRow(asked.id)).toMatchObject({ status: 'approved', decidedBy: owner.id, reasonCode: null });
    const [event, ...more] = await eventsOf(asked.id);
    expect(more).toEqual([]);
    expect(event?.payload).toMatchObject({
      kind: 'approval.approved',
      actor: { type: 'user', id: owner.id },
      data: { decision: asked.decision },
    });
    expect(JSON.stringify(event?.payload)).not.toContain(asked.digest.replace('sha-256:', ''));
  });

  test('that the agent can use once', async () => {
    const asked = await ask();
    await approve(leader, asked);
    expect(await gateway.use(asked)).toBe('written');
    expect(await gateway.use(asked)).not.toBe('written');
    expect(await readApprovalRow(asked.id)).toMatchObject({ status: 'used' });
  });

  test('with the words of a rejection sealed beside the ledger, never in its bytes', async () => {
    const asked = await ask();
    const words = 'Frau Müller says the amount is 26,000';
    expect(await rejectRequest(owner.actor, asked.id, { digest: asked.digest, reason_code: 'WRONG_AMOUNT', reason: words })).toEqual({
      ok: true,
      status: 'rejected',
    });
    const [event] = await eventsOf(asked.id);
    if (!event) throw new Error('no event');
    expect(event.payload).toMatchObject({ kind: 'approval.rejected', data: { reason_code: 'WRONG_AMOUNT' } });
    expect(JSON.stringify(event.payload)).not.toContain('Müller');
    const side = await readSide(event, true);
    expect(side).toMatchObject({ state: 'open', committed: true });
    expect(side.state === 'open' ? JSON.parse(side.text ?? '') : null).toEqual({ text: words });
  });

  test('by a named person at the command line', async () => {
    const asked = await ask();
    expect(await decideAs(owner.email, asked.id, { verdict: 'approved', digest: asked.digest })).toEqual({ ok: true, status: 'approved' });
    expect((await eventsOf(asked.id))[0]?.payload).toMatchObject({ actor: { type: 'operator', id: owner.id } });
  });
});

describe('nothing is decided', () => {
  const refused = async (asked: AskedFor, outcome: Awaited<ReturnType<typeof approveRequest>>, code: string): Promise<string> => {
    expect(outcome).toMatchObject({ ok: false, refusal: { code } });
    expect(await readApprovalRow(asked.id)).toMatchObject({ status: 'pending' });
    expect(await eventsOf(asked.id)).toEqual([]);
    return outcome.ok ? '' : outcome.refusal.text;
  };

  test('by the person it was asked for, named by e-mail in any case', async () => {
    const asked = await ask({ asker: ` ${owner.email.toUpperCase()} ` });
    expect(await refused(asked, await approve(owner, asked), 'OWN_REQUEST')).toContain('on your behalf');
  });
  test('by the person it was asked for, named by user id', async () => {
    const asked = await ask({ asker: leader.id });
    await refused(asked, await approve(leader, asked), 'OWN_REQUEST');
  });
  test('by a second account of the person it was asked for', async () => {
    const second = await person(['leader'], owner.personId);
    const asked = await ask({ asker: owner.email });
    await refused(asked, await approve(second, asked), 'OWN_REQUEST');
  });
  test('by a process owner of another process, who is told who may', async () => {
    const other = await person(['process_owner']);
    const asked = await ask();
    expect(await refused(asked, await approve(other, asked), 'NOT_ALLOWED')).toMatch(/may\.$/);
  });
  test.each(['security', 'risk', 'engineer', 'auditor', 'admin'] as const)('by %s', async (role) => {
    const asked = await ask();
    await refused(asked, await approve(await person([role]), asked), 'NOT_ALLOWED');
  });
  test('with the digest of another action', async () => {
    const [asked, other] = [await ask(), await ask()];
    await refused(asked, await approveRequest(owner.actor, asked.id, { digest: other.digest }), 'DIGEST_CHANGED');
  });
  test('by somebody who was removed, even with a live session', async () => {
    const gone = await person(['leader']);
    const { process: own } = await routed([user(gone.id), user(leader.id)]);
    await deactivateUser(setup, gone.id);
    const asked = await ask({ process: own });
    await refused(asked, await approve(gone, asked), 'NOT_ALLOWED');
  });
  test('by an address nobody has at the command line', async () => {
    const asked = await ask();
    await refused(asked, await decideAs('nobody@example.com', asked.id, { verdict: 'approved', digest: asked.digest }), 'NOT_ALLOWED');
  });
  test('after the deadline, though no job came yet', async () => {
    const asked = await ask({ slaSeconds: 0 });
    await refused(asked, await approve(owner, asked), 'EXPIRED');
  });
  test('about a request that does not exist', async () => {
    const outcome = await approveRequest(owner.actor, 'apr_00000000000000000000000000', { digest: `sha-256:${'0'.repeat(64)}` });
    expect(outcome).toMatchObject({ ok: false, refusal: { code: 'NOT_FOUND' } });
  });
});

describe('of many verdicts one wins', () => {
  test('and the others hear who was first and what they said', async () => {
    const asked = await ask();
    await rejectRequest(leader.actor, asked.id, { digest: asked.digest, reason_code: 'DUPLICATE' });
    const outcome = await approve(owner, asked);
    expect(outcome).toEqual({
      ok: false,
      refusal: { code: 'ALREADY_DECIDED', text: 'Test Person rejected this first (it was done already). Their verdict stands.' },
    });
  });

  test('when eight people decide at once', async () => {
    const asked = await ask();
    const people = await Promise.all(Array.from({ length: 8 }, () => person(['leader'])));
    await routeTo(process, [user(owner.id), user(leader.id), ...people.map(({ id }) => user(id))]);
    const outcomes = await Promise.all(
      people.map((who, i) =>
        i % 2 === 0
          ? approve(who, asked)
          : rejectRequest(who.actor, asked.id, { digest: asked.digest, reason_code: 'OTHER', reason: 'no' }),
      ),
    );
    const won = outcomes.filter((outcome) => outcome.ok);
    expect(won).toHaveLength(1);
    for (const outcome of outcomes) if (!outcome.ok) expect(outcome.refusal.code).toBe('ALREADY_DECIDED');
    expect(await eventsOf(asked.id)).toHaveLength(1);
    const row = await readApprovalRow(asked.id);
    expect(row?.status).toBe(won[0]?.ok ? won[0].status : undefined);
  });

  test('when a deadline passes while the verdict waits for the row, the verdict is late', async () => {
    const asked = await ask();
    const holder = new pg.Client({ connectionString: plane.ownerUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('UPDATE approvals SET expires_at = clock_timestamp() WHERE id = $1', [asked.id]);
    const waiting = approve(owner, asked);
    await waitUntilBlocked(plane.superuserUrl);
    await holder.query('COMMIT');
    await holder.end();
    expect(await waiting).toMatchObject({ ok: false, refusal: { code: 'EXPIRED' } });
    expect(await eventsOf(asked.id)).toEqual([]);
  });

  test('a row that somebody holds is waited for, not lost', async () => {
    const asked = await ask();
    const holder = new pg.Client({ connectionString: plane.ownerUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT 1 FROM approvals WHERE id = $1 FOR UPDATE', [asked.id]);
    const waiting = approve(owner, asked);
    await waitUntilBlocked(plane.superuserUrl);
    await holder.query('ROLLBACK');
    await holder.end();
    expect(await waiting).toEqual({ ok: true, status: 'approved' });
  });

  test('a request that a job let expire is never approved after', async () => {
    const asked = await ask({ slaSeconds: 0 });
    await expireApprovals(prisma());
    expect(await readApprovalRow(asked.id)).toMatchObject({ status: 'expired' });
    expect(await approve(owner, asked)).toMatchObject({ ok: false, refusal: { code: 'EXPIRED' } });
  });
});
