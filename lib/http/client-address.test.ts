import { createServer, request as send, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import { addressSeen, clientAddress, stampAddresses } from './client-address';

/** asked sends a request with these headers to a server of its own and answers what `read` makes of it there. */
async function asked(headers: OutgoingHttpHeaders, read: (request: Parameters<typeof addressSeen>[0]) => string): Promise<string> {
  const server = createServer((request, response) => response.end(read(request)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise((resolve, reject) => {
      send({ port, host: '127.0.0.1', headers }, (answer) => {
        let text = '';
        answer.on('data', (chunk) => (text += String(chunk))).on('end', () => resolve(text));
      })
        .on('error', reject)
        .end();
    });
  } finally {
    server.close();
  }
}

const forged: [string, OutgoingHttpHeaders][] = [
  ['x-forwarded-for', { 'x-forwarded-for': '6.6.6.6' }],
  ['x-real-ip', { 'x-real-ip': '6.6.6.6' }],
  ['our own header', { 'x-countersign-address': '6.6.6.6' }],
  ['our own header in other letters, twice', { 'X-Countersign-Address': ['6.6.6.6', '7.7.7.7'] }],
];

// Stamping is for good in a process, so what comes before it is asked first, whatever the order of the tests.
let unstamped: string;
beforeAll(async () => {
  unstamped = await asked({ 'x-countersign-address': '6.6.6.6' }, ({ headers }) => clientAddress(headers));
  stampAddresses(false);
});

test('an address is nobody’s word before this server stamps it', () => expect(unstamped).toBe('unknown'));

test.each(forged)('a client does not choose its address by %s', async (_, headers) => {
  expect(await asked(headers, (request) => clientAddress(request.headers))).toBe('127.0.0.1');
});

test.each<[string, string | string[], string]>([
  ['one proxy writes', '198.51.100.7', '198.51.100.7'],
  ['a client sent words before it', '6.6.6.6, 198.51.100.7', '198.51.100.7'],
  ['a client sent a line before it', ['6.6.6.6', '198.51.100.7'], '198.51.100.7'],
  ['it is endless', 'x'.repeat(500), 'x'.repeat(64)],
  ['it is empty', '', '127.0.0.1'],
])('behind a proxy that is trusted the last hop counts, also when %s', async (_, given, seen) => {
  expect(await asked({ 'x-forwarded-for': given }, (request) => addressSeen(request, true))).toBe(seen);
});

test('without trust in a proxy its header says nothing', async () => {
  expect(await asked({ 'x-forwarded-for': '198.51.100.7' }, (request) => addressSeen(request, false))).toBe('127.0.0.1');
});
