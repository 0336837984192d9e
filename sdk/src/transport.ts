import { setTimeout as delay } from 'node:timers/promises';
import { Unreadable } from './answers';
import { RequestRefused, Unavailable } from './errors';

/** How long one call may take, beyond the wait it asks for. */
const requestMsMax = 15_000;
const pauseMsFirst = 100;
const pauseMsMax = 5_000;
/** Longest pause a server may ask for. */
const retryAfterMsMax = 30_000;
const answerLengthMax = 1024 * 1024;
const retryStatuses: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

export type Reply = { status: number; headers: Headers; text: string };
export type Send = {
  path: string;
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** How long the server may hold the answer back. */
  waitMs?: number;
  signal?: AbortSignal | undefined;
};

/** gatewayUrl reads the gateway's address. A secret is sent there: plain HTTP is for this machine only, unless `plainHttp` says otherwise. */
export function gatewayUrl(text: string, plainHttp: boolean): URL {
  if (!URL.canParse(text)) throw new TypeError('The gateway has to be an absolute URL.');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') throw new TypeError('No credential stands in the URL of the gateway.');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && (plainHttp || loopback.has(url.hostname))))
    throw new TypeError('The gateway is reached over https (plain http on this machine, or with plainHttp).');
  return url;
}

/**
 * Transport sends one request to the gateway, and again with the same body while the gateway cannot be reached or answers that it cannot decide,
 * for at most `outageSecondsMax`. Follows no redirect: what it carries is meant for one place.
 */
export class Transport {
  constructor(
    private readonly url: URL,
    private readonly outageSecondsMax: number,
  ) {}

  /** send answers a reply below 400 or a 4xx; throws Unavailable at the end of its patience, and the signal's reason when it is aborted. */
  async send(request: Send): Promise<Reply> {
    const giveUpAt = performance.now() + this.outageSecondsMax * 1000;
    for (let pauseMs = pauseMsFirst; ; pauseMs = Math.min(pauseMs * 2, pauseMsMax)) {
      request.signal?.throwIfAborted();
      const reply = await this.once(request).catch(reasonOf);
      request.signal?.throwIfAborted();
      if (typeof reply !== 'string' && !retryStatuses.has(reply.status)) return reply;
      const why = typeof reply === 'string' ? reply : `it answered ${reply.status}`;
      const pause = typeof reply === 'string' ? pauseMs : Math.max(pauseMs, retryAfterMs(reply.headers));
      if (performance.now() + pause > giveUpAt) throw new Unavailable(why);
      await delay(pause, undefined, request.signal ? { signal: request.signal } : {}).catch(() => undefined);
    }
  }

  private async once({ path, method, headers = {}, body, waitMs = 0, signal }: Send): Promise<Reply> {
    const timeout = AbortSignal.timeout(requestMsMax + waitMs);
    const response = await fetch(this.url.origin + this.url.pathname.replace(/\/$/, '') + path, {
      method,
      headers: { accept: 'application/json', ...headers },
      ...(body === undefined ? {} : { body }),
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    const text = await response.text();
    if (text.length > answerLengthMax) throw new Error('its answer is too long');
    return { status: response.status, headers: response.headers, text };
  }
}

/** readWith reads a 200 with one of the readers of answers.ts; what it cannot read is Unavailable, since nothing in it can be believed. */
export function readWith<Answer>(reply: Reply, read: (text: string) => Answer): Answer {
  if (reply.status !== 200) throw new RequestRefused(reply.status, '', 'this is not how the gateway answers.');
  try {
    return read(reply.text);
  } catch (error) {
    if (error instanceof Unreadable) throw new Unavailable(`its answer is not one of its own (${error.message})`, 'ANSWER_MALFORMED');
    throw error;
  }
}

function retryAfterMs(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, retryAfterMsMax) : 0;
}

// fetch says "fetch failed" and hides what happened in its cause.
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return 'it could not be reached';
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
  return `it could not be reached (${code})`;
}
