import { describe, expect, test } from 'vitest';
import { CheckRequest } from '@/lib/check/schema';
import { parseMap, type ReplayMap } from './map';
import { checkOf, parseRecording, RecordedCall, requestsByRun, unmappedTools } from './recording';

const line = (over: object = {}) => JSON.stringify({ run: 'r1', seq: 0, tool: 'pay', arguments: { amount: 5 }, ...over });

const refusals: [name: string, text: string, problem: RegExp][] = [
  ['nothing', '\n\n', /no call/],
  ['a line that is not JSON', `${line()}\n{"run":`, /^line 2: /],
  ['a call without arguments', line({ arguments: undefined }), /^line 1: arguments/],
  ['arguments that are a text', line({ arguments: '{"amount":5}' }), /^line 1: arguments/],
  ['a call without a run', line({ run: '' }), /^line 1: run/],
  ['a run no task can be named after', line({ run: 'a\u200bb' }), /^line 1: run/],
  ['the same call twice', `${line()}\n${line()}`, /^line 2: call 0 of run r1 comes after call 0/],
  ['a run that counts backwards', `${line({ seq: 1 })}\n${line()}`, /^line 2/],
  ['a negative amount of money', line({ value_usd: -1 }), /^line 1: value_usd/],
  ['an amount too large to be written plainly', line({ value_usd: 1e30 }), /^line 1: value_usd/],
];

describe('A recording is refused, with the line, when it holds', () => {
  test.each(refusals)('%s', (_name, text, problem) => {
    const parsed = parseRecording(text);
    expect(parsed.ok ? [] : parsed.problems).toEqual([expect.stringMatching(problem)]);
  });
});

test('A recording with thousands of bad lines is answered with the first ten', () => {
  const parsed = parseRecording('x\n'.repeat(5_000));
  expect(parsed.ok ? [] : parsed.problems).toHaveLength(10);
});

test('Calls keep their order, and runs may be interleaved', () => {
  const parsed = parseRecording([line(), line({ run: 'r2' }), line({ seq: 3 })].join('\n'));
  expect(parsed.ok && parsed.calls.map(({ run, seq }) => `${run} ${seq}`)).toEqual(['r1 0', 'r2 0', 'r1 3']);
});

describe('A recorded call becomes a check', () => {
  const parsed = parseMap(`
version: 1
agent: { id: agt_desk, name: Desk, purpose: Pays, registered_by: emma@example.com, sponsor: liam@example.com, reviewed_by: sofia@example.com, model: some-model }
process: { id: prc_desk, name: Desk, owner: ana@example.com, created_by: raj@example.com }
system: { id: sys_desk, name: Desk }
tools:
  pay:
    action: desk.pay
    title: Payments
    parameters: { type: object }
    classification: { effect: execute, reversibility: irreversible, sensitivity: { constant: internal }, audience: { constant: internal }, money: { declared: { amount: '10', currency: USD } } }
    declares: { money: { field: value_usd, currency: USD } }
  look:
    action: desk.look
    title: Looks
    parameters: { type: object }
    classification: { effect: read, reversibility: reversible, sensitivity: { constant: internal }, audience: { constant: internal } }
`);
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  const map: ReplayMap = parsed.map;
  const call = (over: object = {}) => RecordedCall.parse(JSON.parse(line(over)));
  const body = (over: object = {}, said: object = {}) => CheckRequest.parse(checkOf(map, call(over), { agent: 'agt_desk', ...said }));

  test('with the arguments as the model wrote them, and what it undertakes', () => {
    expect(body({ arguments: { amount: 5, note: null } }).context).toMatchObject({
      arguments: { amount: 5, note: null },
      supported_obligations: ['report_outcome'],
      model: 'some-model',
    });
  });

  test('that declares the recorded money only where the map says so', () => {
    expect(body({ value_usd: 12.5 }).context.risk).toEqual({ money: { amount: '12.5', currency: 'USD' } });
    expect(body({ value_usd: 0 }).context.risk).toEqual({ money: { amount: '0', currency: 'USD' } });
    expect(body({ tool: 'look', value_usd: 12.5 }).context.risk).toBeUndefined();
    expect(body().context.risk).toBeUndefined();
  });

  test('that says what the customer asked for on every call of the run', () => {
    const calls = [call({ request: 'Please pay' }), call({ seq: 1 }), call({ run: 'r2' })];
    expect([...requestsByRun(calls)]).toEqual([['r1', 'Please pay']]);
    expect(body({}, { summary: 'Please pay' }).context.summary).toBe('Please pay');
  });

  test('that differs from the first only by the approval when it redeems one', () => {
    const id = `apr_${'0'.repeat(26)}`;
    const { approval, ...context } = body({}, { approval: id }).context;
    expect(approval).toEqual({ id });
    expect(context).toEqual(body().context);
  });

  test('under its own name when the map says nothing of its tool, so that the gate meets it as undeclared', () => {
    expect(body({ tool: 'wipe_disk' }).action.name).toBe('wipe_disk');
    expect(body({ tool: 'constructor' }).action.name).toBe('constructor');
    expect(unmappedTools([call({ tool: 'wipe_disk' }), call(), call({ tool: 'wipe_disk', seq: 1 })], map)).toEqual([['wipe_disk', 2]]);
  });
});
