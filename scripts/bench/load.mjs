// One load generator: N keep-alive connections, each sends the next request when its answer has arrived (closed loop). On plain sockets, so that
// the generator takes as little of the two cores as it can; the same generator drives the echo and the gateway.
import { connect } from 'node:net';

/** @typedef {{ port: number, path: string, headers: Record<string, string>, body: string, connections: number, seconds: number, keyed: boolean }} Plan */

/** run drives one plan and returns requests a second and latencies in milliseconds; answers other than 200, or without the expected text, are counted as bad. */
export async function run(/** @type {Plan & { expect: string }} */ plan) {
  const latencies = [];
  let bad = 0;
  let firstBad = '';
  const started = performance.now();
  const until = started + plan.seconds * 1000;
  const expected = Buffer.from(plan.expect);
  await Promise.all(Array.from({ length: plan.connections }, (_, index) => drive(index)));
  const seconds = (performance.now() - started) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
  return { perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99), requests: latencies.length, bad, firstBad };

  function drive(index) {
    return new Promise((resolve, reject) => {
      const socket = connect(plan.port, '127.0.0.1');
      socket.setNoDelay(true);
      let sent = 0;
      let sentAt = 0;
      let pending = Buffer.alloc(0);
      const head = [`POST ${plan.path} HTTP/1.1`, 'host: 127.0.0.1', 'content-type: application/json', ...Object.entries(plan.headers).map(([k, v]) => `${k}: ${v}`)].join('\r\n');
      const fixed = Buffer.from(`${head}\r\ncontent-length: ${Buffer.byteLength(plan.body)}\r\n\r\n${plan.body}`);
      const send = () => {
        sentAt = performance.now();
        if (plan.keyed) socket.write(`${head}\r\nidempotency-key: ${started.toString(36)}-${process.pid}-${index}-${sent++}\r\ncontent-length: ${Buffer.byteLength(plan.body)}\r\n\r\n${plan.body}`);
        else socket.write(fixed);
      };
      socket.on('connect', send);
      socket.on('error', reject);
      socket.on('data', (chunk) => {
        pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
        const end = pending.indexOf('\r\n\r\n');
        if (end < 0) return;
        const text = pending.toString('latin1', 0, end);
        const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
        if (pending.length < end + 4 + length) return;
        const body = pending.subarray(end + 4, end + 4 + length);
        if (!text.startsWith('HTTP/1.1 200') || !body.includes(expected)) {
          bad++;
          firstBad ||= `${text.split('\r\n')[0]} ${body.toString().slice(0, 300)}`;
        }
        latencies.push(performance.now() - sentAt);
        pending = Buffer.alloc(0);
        if (performance.now() < until) send();
        else {
          socket.end();
          resolve();
        }
      });
      socket.on('close', () => resolve());
    });
  }
}

if (process.send) {
  process.on('message', async (plan) => {
    try {
      process.send({ result: await run(plan) });
    } catch (error) {
      process.send({ error: String(error) });
    }
  });
}
