import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { AccessRequestStatus, CheckAnswer, type CheckRequest } from '@/lib/check/schema';
import { TokenResponse } from '@/lib/identity/schema';
import { CommandFailure } from './failure';

/** How long one call is tried again while the gateway is away or busy, and the pauses in between. */
export const retrySecondsMax = 60;
const pauseMsFirst = 100;
const pauseMsMax = 5_000;
const requestTimeoutMs = 15_000;
/** Longest wait of one long poll. */
export const waitSeconds = 25;
/** A token is replaced this long before it ends, so that none ends on the way. */
const tokenMarginMs = 20_000;

/** What an error body may say: RFC 9457, or RFC 6749 section 5.2. */
const Problem = z.object({ code: z.string(), detail: z.string(), error: z.string(), error_description: z.string() }).partial();

/** How long a gateway may take to hear of an agent or a credential that was just made. */
const knownWithinMs = 10_000;
const knownPauseMs = 100;

const retryStatuses = new Set([429, 500, 502, 503, 504]);

type Credential = { id: string; secret: string };
type Token = { text: string; renewAt: number };

/**
 * Gate speaks to the gateway's agent plane over HTTP as one agent. Each task has a token of its own, renewed before it ends; the server keeps the
 * task's workflow across them. Every call is tried again, with the same body and key, while the gateway cannot be reached or answers 429 or 5xx,
 * until `stop` says that nobody waits any more: then its reason is thrown.
 */
export class Gate {
  private readonly tokens = new Map<string, Token>();

  constructor(
    private readonly url: string,
    private readonly credential: Credential,
    private readonly onRetry: (why: string) => void = () => undefined,
    private readonly stop: AbortSignal = new AbortController().signal,
  ) {}

  /** ready waits until the gateway has heard of the credential and its agent; throws when it has not after 10 s. */
  async ready(task: string): Promise<void> {
    const deadline = Date.now() + knownWithinMs;
    for (;;) {
      const response = await this.requestToken(task);
      if ((response.status !== 400 && response.status !== 401) || Date.now() > deadline) return this.keep(task, response);
      await response.arrayBuffer();
      await delay(knownPauseMs);
    }
  }

  /** check sends one evaluation for a task; `key` is its Idempotency-Key. */
  async check(task: string, body: z.input<typeof CheckRequest>, key: string): Promise<CheckAnswer> {
    const text = JSON.stringify(body);
    return this.asAgent(task, CheckAnswer, (token) =>
      this.request('/api/check', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': key },
        body: text,
      }),
    );
  }

  /** accessRequest reads where a request for approval stands, after waiting at most `wait` seconds for it to change. */
  async accessRequest(task: string, id: string, wait: number): Promise<AccessRequestStatus> {
    return this.asAgent(task, AccessRequestStatus, (token) =>
      this.request(
        `/access/v1/requests/${encodeURIComponent(id)}?wait=${wait}`,
        { headers: { authorization: `Bearer ${token}` } },
        wait * 1000,
      ),
    );
  }

  private async asAgent<Shape extends z.ZodType>(
    task: string,
    shape: Shape,
    send: (token: string) => Promise<Response>,
  ): Promise<z.infer<Shape>> {
    let response = await send(await this.token(task));
    if (response.status === 401) {
      await response.arrayBuffer();
      this.tokens.delete(task);
      response = await send(await this.token(task));
    }
    return parsed(response, shape);
  }

  private async token(task: string): Promise<string> {
    const held = this.tokens.get(task);
    if (held !== undefined && Date.now() < held.renewAt) return held.text;
    await this.keep(task, await this.requestToken(task));
    return this.tokens.get(task)?.text ?? '';
  }

  private requestToken(task: string): Promise<Response> {
    return this.request('/oauth/token', {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${this.credential.id}:${this.credential.secret}`).toString('base64')}` },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        authorization_details: JSON.stringify([{ type: 'countersign_task', task }]),
      }),
    });
  }

  private async keep(task: string, response: Response): Promise<void> {
    const { access_token: text, expires_in: seconds } = await parsed(response, TokenResponse);
    this.tokens.set(task, { text, renewAt: Date.now() + seconds * 1000 - tokenMarginMs });
  }

  private async request(path: string, init: RequestInit, waitMs = 0): Promise<Response> {
    const giveUpAt = Date.now() + retrySecondsMax * 1000;
    for (let pauseMs = pauseMsFirst; ; pauseMs = Math.min(pauseMs * 2, pauseMsMax)) {
      this.stop.throwIfAborted();
      const timeout = AbortSignal.timeout(requestTimeoutMs + waitMs);
      const signal = waitMs > 0 ? AbortSignal.any([timeout, this.stop]) : timeout;
      const answer = await fetch(new URL(path, this.url), { ...init, signal }).catch(reasonOf);
      this.stop.throwIfAborted();
      if (typeof answer !== 'string' && !retryStatuses.has(answer.status)) return answer;
      const why = typeof answer === 'string' ? answer : `it answered ${answer.status}`;
      const pause = typeof answer === 'string' ? pauseMs : Math.max(pauseMs, retryAfterMs(answer));
      if (typeof answer !== 'string') await answer.arrayBuffer().catch(() => undefined);
      if (Date.now() + pause > giveUpAt)
        throw new CommandFailure(`The gateway at ${this.url} could not be used for ${retrySecondsMax} s (${why}).`);
      this.onRetry(why);
      await delay(pause, undefined, { signal: this.stop }).catch(() => undefined);
    }
  }
}

function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

async function parsed<Shape extends z.ZodType>(response: Response, shape: Shape): Promise<z.infer<Shape>> {
  const text = await response.text();
  if (!response.ok) throw new CommandFailure(`The gateway refused: ${explained(response.status, text)}.`);
  const answer = shape.safeParse(jsonOf(text));
  if (!answer.success) {
    const [issue] = answer.error.issues;
    throw new CommandFailure(`The gateway's answer is not one of its own: ${issue?.path.join('.')} ${issue?.message}.`);
  }
  return answer.data;
}

function explained(status: number, text: string): string {
  const problem = Problem.safeParse(jsonOf(text)).data;
  const told = [problem?.code ?? problem?.error, problem?.detail ?? problem?.error_description].filter((part) => part !== undefined);
  return `${status}${told.length === 0 ? '' : ` ${told.join(': ').replace(/\.$/, '')}`}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
