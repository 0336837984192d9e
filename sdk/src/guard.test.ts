import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Countersign } from './client';
import { AlreadyDone, AlreadyReported, CountersignError, OutcomeUnknown, StillWaiting } from './errors';
import type { GuardOptions, Permit } from './guard';
import { ScriptedGateway, type Fault } from './testdata/gateway';

type Payment = { invoice: string; amount: string; currency: string };
const payment: Payment = { invoice: 'INV-1', amount: '62000.00', currency: 'EUR' };
const secret = 'canary-secret-9f2c';

let gateway: ScriptedGateway;
let paid: Permit[];
beforeEach(async () => {
  gateway = await ScriptedGateway.start();
  paid = [];
});
afterEach(() => gateway.stop());

/** client is a process of the agent: a new one stands for a restart. */
const client = (outageSecondsMax = 0.3): Countersign =>
  new Countersign({ url: gateway.url, clientId: 'crd_test', clientSecret: secret, task: 'invoices', outageSecondsMax });

type Options = Partial<GuardOptions<Payment, string>>;
const pays = (options: Options = {}, tool?: (args: Payment, permit: Permit) => string | Promise<string>, of = client()) =>
  of.guard<Payment, string>(
    tool ??
      ((_args, permit) => {
        paid.push(permit);
        return 'paid';
      }),
    { action: 'payments.schedule', effect: ({ invoice }) => `pay ${invoice}`, idempotent: true, ...options },
  );

/** The tool of a service that takes each decision once. */
const once = (_args: Payment, permit: Permit): string => {
  if (paid.some(({ decision }) => decision === permit.decision)) throw new AlreadyDone('paid');
  paid.push(permit);
  return 'paid';
};

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ran',
    (error: unknown) => (error instanceof CountersignError ? `${error.name} ${error.code}` : `untyped: ${String(error)}`),
  );

describe('a guarded tool runs', () => {
  test('with its receipt when the action is allowed, and its outcome is reported', async () => {
    expect(await pays()(payment)).toBe('paid');
    expect(paid).toMatchObject([{ verdict: 'allow', tier: 1, receipt: expect.stringMatching(/^eyJ/) as string }]);
    expect(gateway.reports).toEqual(['succeeded']);
    expect(gateway.headers.find((headers) => headers['prefer'])?.['prefer']).toBe('receipt');
  });

  test('at Tier 2, hearing until when it can be reversed', async () => {
    gateway.verdictOf = () => 'allow_reversible';
    await pays()(payment);
    expect(paid[0]).toMatchObject({ verdict: 'allow_reversible', reversalDeadline: '2026-11-22T10:00:00.000Z' });
  });

  test('after a person approved, with the approval used once', async () => {
    gateway.verdictOf = () => 'approval_required';
    const heard: string[] = [];
    const running = pays({
      onWaiting: ({ id }) => {
        heard.push(id);
        setImmediate(() => gateway.decide('approved'));
      },
    })(payment);
    expect(await running).toBe('paid');
    expect(heard).toEqual([...gateway.approvals.keys()]);
    expect([...gateway.approvals.values()]).toMatchObject([{ status: 'used' }]);
  });

  test('on a frozen copy of the arguments that were decided, whatever the caller does to its own', async () => {
    gateway.verdictOf = () => 'approval_required';
    const mine = { ...payment };
    let got: Payment | undefined;
    const running = pays({ onWaiting: () => setImmediate(() => gateway.decide('approved')) }, (args) => {
      got = args;
      return 'paid';
    })(mine);
    mine.amount = '99999.00';
    await running;
    expect(got?.amount).toBe('62000.00');
    expect(Object.isFrozen(got)).toBe(true);
  });

  test.each<[string, string, Fault[]]>([
    ['a gateway that is busy', '/api/check', [429, 503]],
    ['a connection that is cut before the answer', '/api/check', ['drop']],
    ['an answer that is lost after the decision', '/api/check', ['late drop']],
    ['a token that has just ended', '/api/check', [401]],
    ['a report that is lost', '/api/outcomes', ['late drop', 503]],
  ])('once, over %s', async (_name, path, faults) => {
    gateway.faults.set(path, faults);
    expect(await pays({}, once, client(5))(payment)).toBe('paid');
    expect(paid).toHaveLength(1);
    expect([...gateway.outcomes.values()]).toEqual(['succeeded']);
  });

  test('with a new token, once the old one is no longer taken', async () => {
    gateway.faults.set('/api/check', [401]);
    await pays()(payment);
    expect(gateway.tokens).toBe(2);
    expect(gateway.headers.findLast((headers) => headers['prefer'])?.['authorization']).toBe('Bearer token-2');
  });

  test('once when the same effect is called twice at the same time', async () => {
    const pay = pays({ idempotent: false });
    expect(await Promise.all([pay(payment), pay(payment)])).toEqual(['paid', 'paid']);
    expect(paid).toHaveLength(1);
  });
});

describe('a guarded tool does not run', () => {
  type Change = (answer: { decision: boolean; context: Record<string, unknown> }) => unknown;
  const context =
    (changes: Record<string, unknown>): Change =>
    ({ decision, context: before }) => ({ decision, context: { ...before, ...changes } });
  const answers: [string, Change, string][] = [
    ['a verdict nobody knows', context({ verdict: 'allow_mostly' }), 'ANSWER_MALFORMED'],
    ['a verdict named after a built-in', context({ verdict: 'constructor' }), 'ANSWER_MALFORMED'],
    ['an allow that says no', ({ context: before }) => ({ decision: false, context: before }), 'ANSWER_MALFORMED'],
    ['a denial that says yes', context({ verdict: 'deny' }), 'ANSWER_MALFORMED'],
    ['a decision that is a word', ({ context: before }) => ({ decision: 'true', context: before }), 'ANSWER_MALFORMED'],
    ['an allow without a tier', context({ tier: null }), 'ANSWER_MALFORMED'],
    ['a tier of 5', context({ tier: 5 }), 'ANSWER_MALFORMED'],
    ['an allow without an id', context({ id: undefined }), 'ANSWER_MALFORMED'],
    ['an obligation it cannot meet', context({ obligations: [{ id: 'encrypt_output', effect_key: 'e' }] }), 'ANSWER_MALFORMED'],
    [
      'an obligation more',
      context({ obligations: [{ id: 'report_outcome', effect_key: 'e' }, { id: 'encrypt_output' }] }),
      'ANSWER_MALFORMED',
    ],
    ['an empty object', () => ({}), 'ANSWER_MALFORMED'],
    ['null', () => null, 'ANSWER_MALFORMED'],
    ['a list', () => [], 'ANSWER_MALFORMED'],
    ['an allow without a receipt', context({ receipt: undefined }), 'RECEIPT_MISSING'],
    ['a receipt that is none', context({ receipt: 'eyJ.eyJ.x' }), 'RECEIPT_MALFORMED'],
    ['a receipt for another decision', context({ id: `dec_${'0'.repeat(26)}` }), 'RECEIPT_MALFORMED'],
    ['an answer for another action', context({ digest: `sha-256:${'0'.repeat(64)}` }), 'RECEIPT_MALFORMED'],
  ];
  test.each(answers)('after %s', async (_name, change, code) => {
    gateway.change = (answer) => change(answer);
    expect(await codeOf(pays()(payment))).toBe(`Unavailable ${code}`);
    expect(paid).toEqual([]);
  });

  test.each<[string, string, Fault, string]>([
    ['a page of somebody else’s', '/api/check', { status: 200, text: '<html>Welcome</html>' }, 'Unavailable ANSWER_MALFORMED'],
    ['a redirect', '/api/check', { status: 302, text: '', headers: { location: 'https://elsewhere.test/' } }, 'RequestRefused HTTP_302'],
    ['a 204', '/api/check', { status: 204, text: '' }, 'RequestRefused HTTP_204'],
    ['a 400', '/api/check', 400, 'RequestRefused FAULT'],
    ['a 403', '/api/check', 403, 'RequestRefused FAULT'],
    ['a secret that is not taken', '/oauth/token', 401, 'RequestRefused FAULT'],
    [
      'a token of another type',
      '/oauth/token',
      { status: 200, text: '{"access_token":"a","token_type":"mac","expires_in":300}' },
      'Unavailable ANSWER_MALFORMED',
    ],
    [
      'a token that never ends',
      '/oauth/token',
      { status: 200, text: '{"access_token":"a","token_type":"Bearer","expires_in":1e99}' },
      'Unavailable ANSWER_MALFORMED',
    ],
  ])('after %s', async (_name, path, fault, code) => {
    gateway.faults.set(path, [fault]);
    expect(await codeOf(pays()(payment))).toBe(code);
    expect(paid).toEqual([]);
  });

  test('while the gateway is away', async () => {
    gateway.faults.set(
      '/api/check',
      Array.from({ length: 50 }, () => 'drop' as const),
    );
    expect(await codeOf(pays()(payment))).toBe('Unavailable UNAVAILABLE');
    expect(paid).toEqual([]);
  });

  test.each([
    ['denied', 'deny', 'Denied MONEY_TIER_3'],
    ['halted', 'halt', 'Halted ACTION_UNCLASSIFIED'],
  ])('when it is %s', async (_name, verdict, code) => {
    gateway.verdictOf = () => verdict;
    expect(await codeOf(pays()(payment))).toBe(code);
    expect(paid).toEqual([]);
    expect(gateway.reports).toEqual([]);
  });

  test('while a circuit breaker is open, and is told when to ask again', async () => {
    const retryAt = '2026-12-01T10:05:00.000Z';
    gateway.verdictOf = () => 'deny';
    gateway.change = (answer) => ({
      ...answer,
      context: { ...answer.context, reasons: [{ code: 'CIRCUIT_OPEN', tier: null, retry_at: retryAt, text: 'Too much failed.' }] },
    });
    const refused = await pays()(payment).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'CIRCUIT_OPEN', todo: `Ask again after ${retryAt}, or leave it.` });
    expect(refused).toMatchObject({ decision: { reasons: [{ retryAt }] } });
    expect(paid).toEqual([]);
  });

  test.each([
    ['rejected', 'Rejected REJECTED'],
    ['expired', 'Expired EXPIRED'],
    ['cancelled', 'Cancelled CANCELLED'],
  ])('when its request is %s, also when it is called again', async (status, code) => {
    gateway.verdictOf = () => 'approval_required';
    const onWaiting = () => void setImmediate(() => gateway.decide(status));
    expect(await codeOf(pays({ onWaiting })(payment))).toBe(code);
    expect(await codeOf(pays()(payment))).toBe(code);
    expect(gateway.approvals.size).toBe(1);
    expect(paid).toEqual([]);
  });

  test('after the longest wait, and the request stays open', async () => {
    gateway.verdictOf = () => 'approval_required';
    const ended = await pays()(payment, { waitSecondsMax: 0 }).catch((error: unknown) => error);
    expect(ended).toBeInstanceOf(StillWaiting);
    expect([...gateway.approvals.values()]).toMatchObject([{ status: 'pending' }]);
  });

  test('when the caller gives up, with the caller’s own reason', async () => {
    gateway.verdictOf = () => 'approval_required';
    const stop = new AbortController();
    const reason = new Error('the batch was withdrawn');
    const running = pays({ onWaiting: () => setImmediate(() => stop.abort(reason)) })(payment, { signal: stop.signal });
    await expect(running).rejects.toBe(reason);
    expect(paid).toEqual([]);
  });

  test.each<[string, object]>([
    ['a date', { when: new Date(0) }],
    ['a number JSON has no word for', { amount: Number.NaN }],
    ['minus nothing', { amount: -0 }],
    ['half a character', { note: '\ud800' }],
    ['a hole', { list: Array(2) as unknown[] }],
    ['a function', { run: () => 1 }],
    ['a large integer', { amount: 1n }],
    [
      'something that turns into something else',
      {
        amount: new (class Amount {
          toJSON = () => '1.00';
        })(),
      },
    ],
  ])('with %s among its arguments, and nothing is asked', async (_name, args) => {
    const pay = client().guard(() => 'ran', { action: 'payments.schedule', effect: () => 'e' });
    await expect(pay(args)).rejects.toThrow(TypeError);
    expect(gateway.checks).toEqual([]);
  });

  test('with other arguments under the same effect', async () => {
    await pays()(payment);
    expect(await codeOf(pays()({ ...payment, amount: '62000.01' }))).toBe('RequestRefused IDEMPOTENCY_MISMATCH');
    expect(paid).toHaveLength(1);
  });
});

describe('a process that comes after one that was killed', () => {
  test('joins the request that waits, and pays once', async () => {
    gateway.verdictOf = () => 'approval_required';
    const stop = new AbortController();
    const killed = pays({ onWaiting: () => setImmediate(() => stop.abort()) })(payment, { signal: stop.signal });
    await expect(killed).rejects.toThrow();
    gateway.decide('approved');
    expect(await pays({}, once)(payment)).toBe('paid');
    const again = await pays({}, once)(payment).catch((error: unknown) => error);
    expect(again).toBeInstanceOf(AlreadyReported);
    expect(inspect(again, { depth: 10, showHidden: true })).not.toMatch(/receipt:|eyJ/);
    expect([gateway.approvals.size, paid.length]).toEqual([1, 1]);
  });

  test('pays once when the first died between the allow and the tool', async () => {
    gateway.verdictOf = () => 'approval_required';
    const dies = pays({ onWaiting: () => setImmediate(() => gateway.decide('approved')) }, () => new Promise<string>(() => undefined));
    void dies(payment);
    await expect.poll(() => gateway.checks.filter(({ approval }) => approval !== undefined).length).toBe(1);
    expect(await pays({}, once)(payment)).toBe('paid');
    expect([...gateway.outcomes.values()]).toEqual(['succeeded']);
    expect(paid).toHaveLength(1);
  });

  test('hears from a tool that takes decisions once that all was done before it died', async () => {
    const first = pays({}, (args, permit) => (once(args, permit), new Promise<string>(() => undefined)));
    void first(payment);
    await expect.poll(() => paid.length).toBe(1);
    expect(await pays({}, once)(payment)).toBe('paid');
    expect(paid).toHaveLength(1);
    expect(gateway.reports).toEqual(['ambiguous', 'succeeded']);
  });

  test('does not run a tool that could do it twice: the outcome is ambiguous', async () => {
    void pays({ idempotent: false }, (args, permit) => (once(args, permit), new Promise<string>(() => undefined)))(payment);
    await expect.poll(() => paid.length).toBe(1);
    expect(await codeOf(pays({ idempotent: false })(payment))).toBe('OutcomeUnknown OUTCOME_UNKNOWN');
    expect(paid).toHaveLength(1);
    expect([...gateway.outcomes.values()]).toEqual(['ambiguous']);
  });

  test.each([
    ['halt', 'Halted ACTION_UNCLASSIFIED'],
    ['deny', 'Denied MONEY_TIER_3'],
  ])('asks anew after a %s, since what was refused then may be allowed now', async (verdict, code) => {
    gateway.verdictOf = () => verdict;
    expect(await codeOf(pays()(payment))).toBe(code);
    expect(await codeOf(pays()(payment))).toBe(code);
    gateway.verdictOf = () => 'allow';
    expect(await pays({}, once)(payment)).toBe('paid');
    expect(await codeOf(pays({}, once)(payment))).toBe('AlreadyReported ALREADY_REPORTED');
    expect(paid).toHaveLength(1);
  });

  test('is not given a second allow when a kill that hid the first is lifted', async () => {
    void pays({}, (args, permit) => (once(args, permit), new Promise<string>(() => undefined)))(payment);
    await expect.poll(() => paid.length).toBe(1);
    gateway.isKilled = true;
    expect(await codeOf(pays({}, once)(payment))).toBe('Denied KILLED');
    gateway.change = (answer) => ((gateway.isKilled = false), answer);
    expect(await pays({}, once)(payment)).toBe('paid');
    expect(paid).toHaveLength(1);
    expect([...gateway.outcomes.values()].sort()).toEqual(['failed', 'succeeded']);
  });

  test('tries again what failed, under a new decision', async () => {
    await expect(pays({}, () => Promise.reject(new Error('no funds')))(payment)).rejects.toThrow('no funds');
    expect(await pays({}, once)(payment)).toBe('paid');
    expect([...gateway.outcomes.values()]).toEqual(['failed', 'succeeded']);
  });
});

describe('whatever is lost on the way, and however often the process is started again', () => {
  const fault = fc.constantFrom<Fault>('drop', 'late drop', 500, 503);
  test('an effect is carried out once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('allow', 'allow_reversible', 'approval_required'),
        fc.record({
          checks: fc.array(fault, { maxLength: 4 }),
          requests: fc.array(fault, { maxLength: 2 }),
          reports: fc.array(fault, { maxLength: 2 }),
        }),
        fc.array(fc.boolean(), { maxLength: 3 }),
        async (verdict, faults, crashes) => {
          await gateway.stop();
          gateway = await ScriptedGateway.start();
          paid = [];
          gateway.verdictOf = () => verdict;
          gateway.faults.set('/api/check', faults.checks);
          gateway.faults.set('/access/', faults.requests);
          gateway.faults.set('/api/outcomes', faults.reports);
          const options: Options = { onWaiting: () => setImmediate(() => gateway.decide('approved')), onUnreported: () => undefined };
          let ended = '';
          for (let starts = 0; starts < 20 && ended !== 'ran' && !ended.startsWith('AlreadyReported'); starts++) {
            ended = await new Promise<string>((resolve) => {
              const tool = (args: Payment, permit: Permit): string | Promise<string> => {
                const dies = crashes.shift() === true;
                if (!dies) return once(args, permit);
                // The process dies just before the effect, or just after: nobody hears from it again.
                if (crashes.length % 2 === 0 && !paid.some(({ decision }) => decision === permit.decision)) paid.push(permit);
                resolve('died');
                return new Promise<string>(() => undefined);
              };
              void codeOf(pays(options, tool, client(0.001))(payment)).then(resolve);
            });
          }
          expect(paid).toHaveLength(1);
          expect(gateway.approvals.size).toBe(verdict === 'approval_required' ? 1 : 0);
        },
      ),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe('the outcome', () => {
  const lost = (code: string): Error => Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('x'), { code }) });
  test.each<[string, unknown, string, string]>([
    ['that the tool says is unknown', new OutcomeUnknown(), 'ambiguous', 'OutcomeUnknown'],
    ['of a tool that timed out', new DOMException('too late', 'TimeoutError'), 'ambiguous', 'OutcomeUnknown'],
    ['of a connection lost on the way', lost('ECONNRESET'), 'ambiguous', 'OutcomeUnknown'],
    ['of a connection that never came about', lost('ECONNREFUSED'), 'failed', 'TypeError'],
    ['of a tool that refused', new Error('no funds'), 'failed', 'Error'],
  ])('%s is reported as such', async (_name, thrown, status, name) => {
    const ended = await pays({}, () => Promise.reject(thrown as Error))(payment).catch((error: unknown) => error);
    expect(ended).toMatchObject({ name });
    expect([...gateway.outcomes.values()]).toEqual([status]);
  });

  test('that cannot be reported is said aloud, and the result is not lost', async () => {
    gateway.faults.set(
      '/api/outcomes',
      Array.from({ length: 50 }, () => 503),
    );
    const unreported: string[] = [];
    expect(await pays({ onUnreported: (_error, decision) => unreported.push(decision) })(payment)).toBe('paid');
    expect(unreported).toEqual([paid[0]?.decision]);
  });
});

describe('a secret', () => {
  test('stands in no error and in nothing that is printed', async () => {
    const { inspect } = await import('node:util');
    const countersign = client();
    gateway.faults.set('/oauth/token', ['drop', 'drop', 'drop', 'drop', 'drop', 401]);
    const ended = [
      await pays({}, undefined, countersign)(payment).catch((error: unknown) => error),
      await pays()(payment).catch((error: unknown) => error),
    ];
    const printed = [
      inspect(ended, { depth: 20, showHidden: true }),
      inspect(countersign, { depth: 20 }),
      JSON.stringify(countersign),
    ].join('\n');
    expect(printed).not.toContain(secret);
    expect(printed).not.toContain(Buffer.from(`crd_test:${secret}`).toString('base64'));
  });

  test.each([
    ['over plain HTTP to another machine', { url: 'http://gateway.internal:4000' }],
    ['to an address with a credential in it', { url: 'https://user:pass@gateway.test' }],
    ['to something that is no address', { url: 'gateway' }],
    ['without a task', { task: '' }],
    ['for a task with invisible characters', { task: 'pay\u200binvoices' }],
    ['when there is none', { clientSecret: '' }],
  ])('is not sent %s', (_name, changes) => {
    expect(() => new Countersign({ url: 'https://gateway.test', clientId: 'c', clientSecret: 's', task: 't', ...changes })).toThrow(
      TypeError,
    );
  });
});
