// One load generator, in a process of its own: N keep-alive connections, each sends the next request when its answer has arrived (closed loop).
// The same generator drives the echo and the gateway, in one of two ways: as agents do, with an HTTP client (Node's fetch), or on bare sockets,
// which cost the two shared cores next to nothing and so flatter the echo.
import { connect } from 'node:net';

/** @typedef {{ driver: 'client' | 'sockets', port: number, path: string, headers: Record<string, string>, body: string, connections: number, seconds: number, keyed: boolean, expect: string }} Plan */
/** @typedef {{ perSecond: number, p50: number, p99: number, requests: number, bad: number, firstBad: string }} Measured */

let keys = 0;

/** Drives one plan and measures latencies in milliseconds; an answer that is not 200, or lacks the expected text, is bad. @param {Plan} plan @returns {Promise<Measured>} */
export async function run(plan) {
  /** @type {number[]} */
  const latencies = [];
  let bad = 0;
  let firstBad = '';
  const started = performance.now();
  const until = started + plan.seconds * 1000;
  /** @param {boolean} ok @param {number} sentAt @param {() => string} what */
  const count = (ok, sentAt, what) => {
    latencies.push(performance.now() - sentAt);
    if (ok) return;
    bad++;
    firstBad ||= what().slice(0, 300);
  };
  const drive = plan.driver === 'client' ? driveClient : driveSocket;
  await Promise.all(Array.from({ length: plan.connections }, () => drive(plan, until, count)));
  const seconds = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
  return { perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99), requests: latencies.length, bad, firstBad };
}

/** @param {Plan} plan @param {number} until @param {(ok: boolean, sentAt: number, what: () => string) => void} count */
async function driveClient(plan, until, count) {
  const url = `http://127.0.0.1:${plan.port}${plan.path}`;
  const headers = { 'content-type': 'application/json', ...plan.headers };
  while (performance.now() < until) {
    const sentAt = performance.now();
    const response = await fetch(url, {
      method: 'POST',
      headers: plan.keyed ? { ...headers, 'idempotency-key': `${process.pid}-${keys++}` } : headers,
      body: plan.body,
    });
    const text = await response.text();
    count(response.status === 200 && text.includes(plan.expect), sentAt, () => `${response.status} ${text}`);
  }
}

/** @param {Plan} plan @param {number} until @param {(ok: boolean, sentAt: number, what: () => string) => void} count @returns {Promise<void>} */
function driveSocket(plan, until, count) {
  return new Promise((resolve, reject) => {
    const socket = connect(plan.port, '127.0.0.1');
    socket.setNoDelay(true);
    let sentAt = 0;
    let pending = Buffer.alloc(0);
    const fields = {
      host: '127.0.0.1',
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(plan.body),
      ...plan.headers,
    };
    const head = `POST ${plan.path} HTTP/1.1\r\n${Object.entries(fields)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}`;
    const fixed = Buffer.from(`${head}\r\n${plan.body}`);
    const send = () => {
      sentAt = performance.now();
      socket.write(plan.keyed ? `${head}idempotency-key: ${process.pid}-${keys++}\r\n\r\n${plan.body}` : fixed);
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      pending = pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([pending, chunk]);
      const end = pending.indexOf('\r\n\r\n');
      if (end < 0) return;
      const answer = pending.toString('latin1', 0, end);
      const length = Number(/content-length: (\d+)/i.exec(answer)?.[1] ?? 0);
      if (pending.length < end + 4 + length) return;
      const body = pending.toString('utf8', end + 4, end + 4 + length);
      count(answer.startsWith('HTTP/1.1 200') && body.includes(plan.expect), sentAt, () => `${answer.split('\r\n')[0]} ${body}`);
      pending = Buffer.alloc(0);
      if (performance.now() < until) return send();
      socket.end();
      resolve();
    });
    socket.on('close', () => resolve());
  });
}

const { send } = process;
if (send) {
  process.on('message', (plan) => {
    run(/** @type {Plan} */ (plan)).then(
      (result) => send.call(process, { result }),
      (error) => send.call(process, { error: String(error) }),
    );
  });
}
