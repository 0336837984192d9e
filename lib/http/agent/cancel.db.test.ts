import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionType, World } from './testdata/world';
import { approveRequest, rejectRequest } from '@/lib/approvals/service';
import { expireApprovals } from '@/lib/approvals/service/expiry';
import { newId } from '@/lib/kernel/ids';
import { prisma } from '@/lib/platform/db/prisma';

let world: World;
let agent: string;
let token: string;
const ana = { type: 'user', id: 'usr_ana' } as const;

beforeAll(async () => {
  world = await World.withPeople(2);
  await world.addActionTypes([actionType('payments.execute', { reversibility: 'irreversible', effect: 'execute' })]);
  agent = await world.addAgent(['payments.execute']);
  token = await world.token(agent);
});
afterAll(() => world.end());

let payments = 0;
type Waiting = { id: string; digest: string; args: Record<string, unknown> };
async function waits(by = token): Promise<Waiting> {
  const args = { payment: ++payments };
  const { answer } = await world.check(by, 'payments.execute', args);
  const id = answer.context.access_request?.id;
  if (id === undefined) throw new Error(answer.context.verdict);
  return { id, digest: answer.context.digest, args };
}
type Answered = { status: number; body: Record<string, unknown> };
const read = async (response: Response): Promise<Answered> => ({
  status: response.status,
  body: (await response.json()) as Record<string, unknown>,
});
const cancel = async (id: string, how: { token?: string; gateway?: number; body?: unknown } = {}): Promise<Answered> =>
  read(await world.send(how.token ?? token, `/access/v1/requests/${id}/cancel`, how.body, {}, how.gateway ?? 0));
const use = ({ id, args }: Waiting, gateway = 0) =>
  world.check(token, 'payments.execute', args, { context: { approval: { id } }, headers: { 'idempotency-key': newId('req') }, gateway });
const statusOf = async (id: string) =>
  (await world.owner.query<{ status: string }>('SELECT status FROM approvals WHERE id = $1', [id])).rows[0]?.status;
async function eventsOf(id: string): Promise<Record<string, unknown>[]> {
  const { rows } = await world.owner.query<{ payload: string }>(
    `SELECT convert_from(substring(bytes FROM 49), 'UTF8') AS payload FROM ledger WHERE position($1::bytea IN bytes) > 0 ORDER BY seq`,
    [Buffer.from(`"subject":{"type":"approval","id":"${id}"}`)],
  );
  return rows.map((row) => JSON.parse(row.payload) as Record<string, unknown>);
}

describe('an agent takes its request back', () => {
  test('while it waits, with one event', async () => {
    const waiting = await waits();
    const { status, body } = await cancel(waiting.id, { gateway: 1 });
    expect([status, body]).toMatchObject([
      200,
      { id: waiting.id, status: 'cancelled', digest: waiting.digest, reason_code: 'CANCELLED_BY_AGENT' },
    ]);
    const events = await eventsOf(waiting.id);
    expect(events).toMatchObject([
      { kind: 'approval.cancelled', actor: { type: 'agent', id: agent }, data: { reason_code: 'CANCELLED_BY_AGENT' } },
    ]);
    expect((await use(waiting)).answer.context.reasons[0]?.code).toBe('APPROVAL_CANCELLED');
    expect((await approveRequest(ana, waiting.id, { digest: waiting.digest })).ok).toBe(false);
  });

  test('twice, and hears the same', async () => {
    const { id } = await waits();
    const first = await cancel(id);
    expect(await cancel(id, { gateway: 1, body: {} })).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect(first.status).toBe(200);
    expect(await eventsOf(id)).toHaveLength(1);
  });

  test('after it was approved, and then it cannot be used', async () => {
    const waiting = await waits();
    expect(await approveRequest(ana, waiting.id, { digest: waiting.digest })).toMatchObject({ ok: true });
    expect((await cancel(waiting.id)).status).toBe(200);
    expect((await use(waiting)).answer).toMatchObject({ decision: false, context: { reasons: [{ code: 'APPROVAL_CANCELLED' }] } });
  });

  test('and the same action asked again is a new request', async () => {
    const waiting = await waits();
    await cancel(waiting.id);
    const { answer } = await world.check(token, 'payments.execute', waiting.args);
    expect(answer.context.access_request?.id).not.toBe(waiting.id);
  });

  test.each([0, 1])('and whoever waits on gateway %i hears it at once', async (gateway) => {
    const { id } = await waits();
    const began = performance.now();
    const waiting = world.get(token, `/access/v1/requests/${id}?wait=20`, gateway).then(read);
    await cancel(id, { gateway: 0 });
    expect((await waiting).body).toMatchObject({ status: 'cancelled', retry_after: 0 });
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  test('though it is suspended', async () => {
    const stopped = await world.addAgent(['payments.execute']);
    const by = await world.token(stopped);
    const { id } = await waits(by);
    await world.change('agent.suspended', stopped, (client) =>
      client.query("UPDATE agents SET status = 'suspended' WHERE id = $1", [stopped]),
    );
    expect((await cancel(id, { token: by })).status).toBe(200);
  });
});

describe('nothing is taken back', () => {
  test.each([
    [
      'that a person rejected',
      'ALREADY_DECIDED',
      ({ id, digest }: Waiting) => rejectRequest(ana, id, { digest, reason_code: 'DUPLICATE' }),
      'rejected',
    ],
    [
      'that was used',
      'ALREADY_DECIDED',
      async (waiting: Waiting) => {
        await approveRequest(ana, waiting.id, { digest: waiting.digest });
        await use(waiting);
      },
      'used',
    ],
    [
      'whose deadline passed',
      'EXPIRED',
      ({ id }: Waiting) => world.owner.query("UPDATE approvals SET expires_at = now() - interval '1 ms' WHERE id = $1", [id]),
      'pending',
    ],
  ])('%s', async (_name, code, before, after) => {
    const waiting = await waits();
    await before(waiting);
    const events = (await eventsOf(waiting.id)).length;
    expect(await cancel(waiting.id)).toMatchObject({ status: 409, body: { code } });
    expect(await statusOf(waiting.id)).toBe(after);
    expect(await eventsOf(waiting.id)).toHaveLength(events);
  });

  test('of another agent, exactly as of nobody', async () => {
    const { id } = await waits();
    const other = await world.token(await world.addAgent(['payments.execute']));
    const told = async (which: string) => {
      const { status, body } = await cancel(which, { token: other });
      return [status, { ...body, request_id: '' }];
    };
    expect(await told(id)).toEqual(await told(newId('apr')));
    expect((await told("apr_' OR 1=1"))[0]).toBe(404);
    expect(await statusOf(id)).toBe('pending');
  });

  test.each([
    ['with a body that says something', { reason: 'x' }],
    ['with a list', []],
    ['with null', null],
  ])('%s', async (_name, body) => {
    const { id } = await waits();
    expect((await cancel(id, { body })).status).toBe(400);
    expect(await statusOf(id)).toBe('pending');
  });

  test('by GET', async () => {
    const { id } = await waits();
    expect((await world.get(token, `/access/v1/requests/${id}/cancel`)).status).toBe(404);
    expect(await statusOf(id)).toBe('pending');
  });
});

describe('50 clients that approve, reject, cancel, use and expire one request at once', () => {
  test.each([
    ['with time left', '1 hour'],
    ['at its deadline', '15 ms'],
  ])('leave exactly one end, %s', async (_name, left) => {
    for (let round = 0; round < 8; round++) {
      const waiting = await waits();
      const { id, digest } = waiting;
      await world.owner.query('UPDATE approvals SET expires_at = clock_timestamp() + $2::interval WHERE id = $1', [id, left]);
      const told: string[] = [];
      let allowed = 0;
      await Promise.all(
        Array.from({ length: 50 }, async (_, i) => {
          switch (i % 5) {
            case 0:
              if ((await approveRequest(ana, id, { digest })).ok) told.push('approved');
              break;
            case 1:
              if ((await rejectRequest(ana, id, { digest, reason_code: 'DUPLICATE' })).ok) told.push('rejected');
              break;
            case 2:
              if ((await cancel(id, { gateway: round % 2 })).status === 200) told.push('cancelled');
              break;
            case 3:
              if ((await use(waiting, i % 2)).answer.decision) allowed++;
              break;
            default:
              await expireApprovals(prisma());
          }
        }),
      );
      const kinds = (await eventsOf(id)).map(({ kind }) => String(kind).replace('approval.', ''));
      const status = await statusOf(id);
      // Approved and then used or cancelled are one way; every other end stands alone.
      const ways: Record<string, string[][]> = {
        approved: [['approved']],
        used: [['approved']],
        rejected: [['rejected']],
        expired: [['expired']],
        cancelled: [['cancelled'], ['approved', 'cancelled']],
        pending: [[]],
      };
      expect(ways[status ?? '']).toContainEqual(kinds);
      expect(allowed).toBe(status === 'used' ? 1 : 0);
      expect(new Set(told)).toEqual(new Set(kinds.filter((kind) => kind !== 'expired')));
      expect(told.filter((what) => what !== 'cancelled').length).toBeLessThanOrEqual(1);
    }
  });
});
