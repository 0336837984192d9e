import { createServer, type IncomingMessage, type Server } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { Gate } from './gate';

type Seen = { path: string; key: string | undefined; authorization: string | undefined; body: string };
type Reply = { status: number; body?: unknown; headers?: Record<string, string> } | 'hang up';

const decided = {
  decision: true,
  context: {
    id: 'dec_1',
    verdict: 'allow',
    tier: 1,
    deciding: [],
    reasons: [],
    digest: 'sha-256:0',
    policy: { epoch: 1 },
    workflow: 'wfl_1',
    obligations: [],
  },
};
const allowed: Reply = { status: 200, body: decided };
const body = { action: { name: 'desk.look' }, context: { arguments: { room: 1 } } };

let server: Server | undefined;
afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())));

/** A server that gives tokens and answers checks with these replies in turn. */
async function gateBefore(
  replies: Reply[],
  tokenReplies: Reply[] = [],
): Promise<{ gate: Gate; checks: Seen[]; tokens: Seen[]; retries: string[] }> {
  const checks: Seen[] = [];
  const tokens: Seen[] = [];
  const retries: string[] = [];
  server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const seen: Seen = {
        path: request.url ?? '',
        key: request.headers['idempotency-key']?.toString(),
        authorization: request.headers.authorization,
        body: text,
      };
      const isToken = seen.path === '/oauth/token';
      (isToken ? tokens : checks).push(seen);
      const token: Reply = {
        status: 200,
        body: { access_token: `token-${tokens.length}`, token_type: 'Bearer', expires_in: 300, scope: 'desk.look' },
      };
      const reply = isToken ? (tokenReplies.shift() ?? token) : (replies.shift() ?? allowed);
      if (reply === 'hang up') return request.socket.destroy();
      response
        .writeHead(reply.status, { 'content-type': 'application/json', connection: 'close', ...reply.headers })
        .end(JSON.stringify(reply.body ?? {}));
    });
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { gate: new Gate(`http://127.0.0.1:${port}`, { id: 'crd_1', secret: 's' }, (why) => retries.push(why)), checks, tokens, retries };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

describe('A call whose answer may have been lost is sent again with the same key and the same body', () => {
  const losses: [string, Reply[]][] = [
    ['when the connection breaks', ['hang up', allowed]],
    ['when the gateway cannot decide (503), as often as it takes', [{ status: 503 }, { status: 503 }, allowed]],
    ['when it is asked to slow down (429)', [{ status: 429, headers: { 'retry-after': '0' } }, allowed]],
  ];
  test.each(losses)('%s', async (_name, replies) => {
    const times = replies.length;
    const { gate, checks, retries } = await gateBefore(replies);
    expect((await gate.check('task', body, 'key-1')).context.id).toBe('dec_1');
    expect(checks).toHaveLength(times);
    expect(new Set(checks.map((seen) => `${seen.key} ${seen.body}`))).toEqual(new Set([`key-1 ${JSON.stringify(body)}`]));
    expect(retries).toHaveLength(times - 1);
  });
});

describe('A call is not sent again, and says why in a sentence, when', () => {
  const refusals: [string, Reply, RegExp][] = [
    [
      'the key was used for another body',
      { status: 409, body: { code: 'IDEMPOTENCY_KEY_REUSED', detail: 'Another body.' } },
      /409 IDEMPOTENCY_KEY_REUSED: Another body/,
    ],
    ['the body is refused', { status: 400, body: { code: 'MALFORMED', detail: 'context is missing' } }, /400 MALFORMED/],
    ['the answer is not an answer of the gate', { status: 200, body: { decision: true } }, /context/],
    [
      'an answer is an allow without a verdict',
      { status: 200, body: { ...decided, context: { ...decided.context, verdict: 'fine' } } },
      /verdict/,
    ],
  ];
  test.each(refusals)('%s', async (_name, reply, sentence) => {
    const { gate, checks } = await gateBefore([reply]);
    await expect(gate.check('task', body, 'key-1')).rejects.toThrow(sentence);
    expect(checks).toHaveLength(1);
  });
});

test('One token serves all calls of a task, and another task has its own, each naming it', async () => {
  const { gate, checks, tokens } = await gateBefore([]);
  for (const task of ['a', 'a', 'b']) await gate.check(task, body, `key-${task}`);
  expect(tokens.map((seen) => new URLSearchParams(seen.body).get('authorization_details'))).toEqual([
    JSON.stringify([{ type: 'countersign_task', task: 'a' }]),
    JSON.stringify([{ type: 'countersign_task', task: 'b' }]),
  ]);
  expect(checks.map((seen) => seen.authorization)).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
});

test('A token that no longer counts is replaced once, and the call keeps its key', async () => {
  const { gate, checks } = await gateBefore([{ status: 401 }, allowed]);
  await gate.check('a', body, 'key-1');
  expect(checks.map((seen) => `${seen.authorization} ${seen.key}`)).toEqual(['Bearer token-1 key-1', 'Bearer token-2 key-1']);
});

test('A credential the gateway has not heard of yet is waited for, and then needs no second token', async () => {
  const { gate, tokens } = await gateBefore(
    [],
    [
      { status: 401, body: { error: 'invalid_client' } },
      { status: 400, body: { error: 'unauthorized_client' } },
    ],
  );
  await gate.ready('a');
  await gate.check('a', body, 'key-1');
  expect(tokens).toHaveLength(3);
});
