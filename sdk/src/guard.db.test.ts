import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  AlreadyReported,
  Countersign,
  Denied,
  FolderSeen,
  Halted,
  OutcomeUnknown,
  receiptHeader,
  ReceiptVerifier,
  Rejected,
  RequestRefused,
  type Permit,
} from './index';
import { actionType, World } from '@/lib/http/agent/testdata/world';

const amountOf = { money: { pointer: '/amount', currency: { pointer: '/currency' } } } as const;
const parameters = {
  type: 'object',
  additionalProperties: false,
  required: ['amount', 'currency'],
  properties: { amount: { type: 'string' }, currency: { type: 'string' } },
};

let world: World;
let agent: string;
beforeAll(async () => {
  world = await World.build(2);
  await world.addActionTypes([
    actionType('payments.schedule', { ...amountOf, reversal: { until: 'settlement', windowSeconds: 7200 } }, parameters),
    actionType('payments.execute', { ...amountOf, reversibility: 'irreversible' }, parameters),
  ]);
  agent = await world.addAgent(['payments.schedule', 'payments.execute']);
});
afterAll(() => world.end());

let tasks = 0;
const client = (task = `task ${++tasks}`, of = agent, gateway = 0): Countersign => {
  const { id: clientId, secret: clientSecret } = world.credentialOf(of);
  return new Countersign({ url: world.url('', gateway), clientId, clientSecret, task });
};
const usd = (amount: string) => ({ amount, currency: 'USD' });

/** A service that pays what a receipt allows, once. `hold` leaves callers without an answer after it paid. */
class Payments {
  readonly paid: { amount: string; decision: string; approval: string | undefined }[] = [];
  readonly refused: string[] = [];
  hold = false;
  private readonly server: Server;

  constructor(folder: string) {
    const verifier = new ReceiptVerifier({ url: world.url(''), seen: new FolderSeen(folder) });
    this.server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const args = JSON.parse(text) as { amount: string };
        const receipt = request.headers[receiptHeader];
        void verifier
          .accept(typeof receipt === 'string' ? receipt : undefined, { action: 'payments.schedule', arguments: args })
          .then((verdict) => {
            if (verdict.ok) this.paid.push({ amount: args.amount, decision: verdict.claims.decision, approval: verdict.claims.approval });
            else this.refused.push(verdict.code);
            if (!this.hold)
              response.writeHead(verdict.ok ? 200 : verdict.code === 'USED_BEFORE' ? 409 : 403).end(verdict.ok ? 'paid' : verdict.code);
          });
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('against the real gateway, a guarded tool', () => {
  test.each([
    ['a small payment', '20.00', 'allow', 1],
    ['one of some thousand', '4800.00', 'allow_reversible', 2],
  ])('runs for %s with a receipt the tool takes', async (_name, amount, verdict, tier) => {
    const verifier = new ReceiptVerifier({ url: world.url('') });
    const verdicts: unknown[] = [];
    const pay = client().guard(
      async (args: object, permit: Permit) => {
        verdicts.push(await verifier.accept(permit.receipt, { action: 'payments.schedule', arguments: args }));
        return permit;
      },
      { action: 'payments.schedule', effect: () => 'pay' },
    );
    const permit = await pay(usd(amount));
    expect(permit).toMatchObject({ verdict, tier });
    expect(permit.reversalDeadline === undefined).toBe(tier === 1);
    expect(verdicts).toMatchObject([{ ok: true, claims: { agent, decision: permit.decision } }]);
    const { rows } = await world.owner.query('SELECT status FROM outcomes WHERE decision_id = $1', [permit.decision]);
    expect(rows).toEqual([{ status: 'succeeded' }]);
  });

  test('waits for a person, runs once with the approval in its receipt, and not again', async () => {
    const permits: Permit[] = [];
    const task = `task ${++tasks}`;
    const payBy = (of: Countersign) =>
      of.guard((_args: object, permit: Permit) => permits.push(permit), {
        action: 'payments.schedule',
        effect: () => 'pay',
        onWaiting: ({ id }) => void world.decide(id, 'approved'),
      });
    await payBy(client(task))(usd('62000.00'));
    await expect(payBy(client(task, agent, 1))(usd('62000.00'))).rejects.toBeInstanceOf(AlreadyReported);
    expect(permits).toMatchObject([{ tier: 3, verdict: 'allow', approval: expect.stringMatching(/^apr_/) as string }]);
  });

  test('does not run what a person rejected, and hears the reason', async () => {
    let ran = false;
    const pay = client().guard(() => (ran = true), {
      action: 'payments.execute',
      effect: () => 'pay',
      onWaiting: ({ id }) => void world.decide(id, 'rejected'),
    });
    await expect(pay(usd('20.00'))).rejects.toBeInstanceOf(Rejected);
    expect(ran).toBe(false);
  });

  test('does not run with a changed amount under an approval', async () => {
    const one = client();
    const asked = await one.check({ action: 'payments.schedule', arguments: usd('62000.00') });
    const id = asked.request?.id ?? '';
    await world.decide(id, 'approved');
    const other = await one.check({ action: 'payments.schedule', arguments: usd('62000.01'), approval: id });
    expect([other.allowed, other.receipt, other.reasons[0]?.code]).toEqual([false, undefined, 'APPROVAL_MISMATCH']);
    expect((await one.check({ action: 'payments.schedule', arguments: usd('62000.00'), approval: id })).allowed).toBe(true);
  });

  test('halts for what nobody declared, with all of its workflow, until a person releases it', async () => {
    const one = client();
    const guarded = (action: string) => one.guard(() => 'ran', { action, effect: () => action, idempotent: true });
    const halted = await guarded('vendors.delete')({}).catch((error: unknown) => error);
    expect(halted).toBeInstanceOf(Halted);
    await expect(guarded('payments.schedule')(usd('20.00'))).rejects.toMatchObject({ code: 'WORKFLOW_HALTED', byAnother: true });
    expect(await client().guard(() => 'ran', { action: 'payments.schedule', effect: () => 'other' })(usd('20.00'))).toBe('ran');
    const { workflow } = (halted as Halted).decision;
    await world.change('workflow.released', workflow, (sql) =>
      sql.query(
        "UPDATE workflow_halts SET released_at = now(), released_by = 'usr_liam', release_reason = 'looked at' WHERE workflow_id = $1",
        [workflow],
      ),
    );
    expect(await guarded('payments.schedule')(usd('20.00'))).toBe('ran');
    await expect(guarded('vendors.delete')({})).rejects.toBeInstanceOf(Halted);
  });

  test('whose end nobody knows holds the same action back until a report settles it', async () => {
    const one = client();
    const timesOut = () => Promise.reject(new DOMException('too late', 'TimeoutError'));
    const under = (effect: string, tool: () => unknown) =>
      one.guard(tool, { action: 'payments.schedule', effect: () => effect })(usd('33.00'));
    await expect(under('first', timesOut)).rejects.toBeInstanceOf(OutcomeUnknown);
    const held = await under('second', () => 'ran').catch((error: unknown) => error);
    expect(held).toBeInstanceOf(Denied);
    expect((held as Denied).code).toBe('EFFECT_AMBIGUOUS');
    const { rows } = await world.owner.query<{ decision_id: string }>(
      "SELECT decision_id FROM outcomes WHERE status = 'ambiguous' AND agent_id = $1",
      [agent],
    );
    await one.report(rows[0]?.decision_id ?? '', { status: 'failed' });
    expect(await under('third', () => 'ran')).toBe('ran');
  });

  test('is told apart from other agents: nobody reads, cancels or reports for another', async () => {
    const asked = await client().check({ action: 'payments.execute', arguments: usd('21.00') });
    const stranger = client('theirs', await world.addAgent(['payments.execute']));
    const id = asked.request?.id ?? '';
    await expect(stranger.request(id)).rejects.toMatchObject({ status: 404 });
    await expect(stranger.cancel(id)).rejects.toMatchObject({ status: 404 });
    await expect(stranger.report(asked.id, { status: 'succeeded' })).rejects.toBeInstanceOf(RequestRefused);
    expect((await client().cancel(id)).status).toBe('cancelled');
    await expect(client().waitFor(id)).rejects.toMatchObject({ name: 'Cancelled' });
  });

  test('asks with the credential of its agent alone: a wrong secret gets nothing, and is not told', async () => {
    const { id: clientId } = world.credentialOf(agent);
    const wrong = new Countersign({ url: world.url(''), clientId, clientSecret: 'canary-wrong', task: 't' });
    const error = await wrong.check({ action: 'payments.schedule', arguments: usd('1.00') }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'RequestRefused', status: 401, code: 'invalid_client' });
    expect(String(error)).not.toContain('canary');
  });
});

describe('an agent killed and started again', () => {
  let folder: string;
  let payments: Payments;
  let toolUrl: string;
  let running: ChildProcess[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-sdk-'));
    payments = new Payments(folder);
    toolUrl = await payments.start();
  });
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL');
    running = [];
    payments.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(task: string, amount: string): { said: () => string; kill: () => Promise<unknown>; ended: Promise<string> } {
    const { id, secret } = world.credentialOf(agent);
    const env = { ...process.env, URL: world.url(''), CLIENT_ID: id, CLIENT_SECRET: secret, TOOL_URL: toolUrl, TASK: task };
    const child = spawn(process.execPath, ['--import', 'tsx', 'sdk/src/testdata/agent.ts', 'pay', amount], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(child);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const closed = new Promise((resolve) => child.once('close', resolve));
    return {
      said: () => output,
      kill: () => (child.kill('SIGKILL'), closed),
      ended: closed.then(() => /^ended (.*)$/m.exec(output)?.[1] ?? output),
    };
  }
  const waiting = /waiting (apr_[0-9a-z]{26})/;

  test('while it waits joins the request that is there, and pays once', async () => {
    const task = `task ${++tasks}`;
    const first = start(task, '70000.00');
    await expect.poll(first.said, { timeout: 20_000 }).toMatch(waiting);
    await first.kill();
    const id = waiting.exec(first.said())?.[1] ?? '';
    const second = start(task, '70000.00');
    await expect.poll(second.said, { timeout: 20_000 }).toContain(`waiting ${id}`);
    await world.decide(id, 'approved');
    expect(await second.ended).toBe('paid');
    expect(payments.paid).toMatchObject([{ amount: '70000.00', approval: id }]);
    expect(await start(task, '70000.00').ended).toBe('AlreadyReported');
    expect(payments.paid).toHaveLength(1);
  });

  test('after a person approved meanwhile pays once', async () => {
    const task = `task ${++tasks}`;
    const first = start(task, '71000.00');
    await expect.poll(first.said, { timeout: 20_000 }).toMatch(waiting);
    await first.kill();
    const id = waiting.exec(first.said())?.[1] ?? '';
    await world.decide(id, 'approved');
    expect(await start(task, '71000.00').ended).toBe('paid');
    expect(payments.paid).toHaveLength(1);
  });

  test('in the middle of paying finds that it has paid', async () => {
    const task = `task ${++tasks}`;
    payments.hold = true;
    const first = start(task, '20.00');
    await expect.poll(() => payments.paid.length, { timeout: 20_000 }).toBe(1);
    await first.kill();
    payments.hold = false;
    expect(await start(task, '20.00').ended).toBe('done before');
    expect(payments.paid).toHaveLength(1);
    expect(payments.refused).toEqual(['USED_BEFORE']);
    const { rows } = await world.owner.query('SELECT status, reported_as FROM outcomes WHERE decision_id = $1', [
      payments.paid[0]?.decision,
    ]);
    expect(rows).toEqual([{ status: 'succeeded', reported_as: 'ambiguous' }]);
  });

  test('four times at once, with one approval between them, pays once', async () => {
    const task = `task ${++tasks}`;
    const all = Array.from({ length: 4 }, () => start(task, '72000.00'));
    await expect.poll(() => all.every(({ said }) => waiting.test(said())), { timeout: 40_000 }).toBe(true);
    const ids = new Set(all.map(({ said }) => waiting.exec(said())?.[1]));
    expect(ids.size).toBe(1);
    await world.decide([...ids][0] ?? '', 'approved');
    const ends = await Promise.all(all.map(({ ended }) => ended));
    expect(payments.paid).toHaveLength(1);
    expect(ends).toContain('paid');
    expect(ends.filter((end) => !['paid', 'done before', 'AlreadyReported'].includes(end))).toEqual([]);
  });
});
