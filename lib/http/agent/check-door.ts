import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { readStrictJson } from './body';
import { noticeToken } from './noticing';
import { prefers } from './prefer';
import { lockedText } from './locked';
import { sendAnswer, sendProblem } from './reply';
import type { Principal } from '@/lib/check/domain';
import { bodyBytesMax, CheckRequest } from '@/lib/check/schema';
import type { Doorkeeper, Gatekeeper } from '@/lib/check/service';
import { bounded } from '@/lib/findings/observations/domain';
import type { Observer } from '@/lib/findings/observations/service/observer';
import { newId } from '@/lib/kernel/ids';
import type { Problem } from '@/lib/kernel/problem';
import type { EventPayload } from '@/lib/ledger/schema';
import type { Committer } from '@/lib/ledger/service';
import type { OutsideGuard } from '@/lib/ledger/service/guard';

export type CheckDoorOptions = {
  gatekeeper: Gatekeeper;
  doorkeeper: Doorkeeper;
  committer: Committer;
  guard: OutsideGuard;
  epoch: () => number;
  observer: Observer;
  trustProxy: boolean;
};

export const keyLengthMax = 255;
const keyShape = /^[\x21-\x7e]+$/;
const traceparentShape = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const requestIdShape = /^[A-Za-z0-9._:-]{1,128}$/;
/** A wrong subject is written to the ledger at most this often per agent. */
const refusalEveryMs = 60_000;

/** CheckDoor answers POST /api/check and POST /access/v1/evaluation (AuthZEN 1.0): on node:http, since this is the path whose speed counts. */
export class CheckDoor {
  private readonly refusalsAt = new Map<string, number>();

  constructor(private readonly options: CheckDoorOptions) {}

  /** handle answers one request; `subjectRequired` is the AuthZEN path, where the subject may not be left out. */
  async handle(request: IncomingMessage, response: ServerResponse, subjectRequired: boolean): Promise<void> {
    const { doorkeeper, guard } = this.options;
    if (guard.locked) return sendProblem(response, 'LOCKED', lockedText(guard.locked));
    const token = bearerToken(request) ?? '';
    const principal = doorkeeper.principalOf(token, new Date()) ?? (await doorkeeper.principalOfFresh(token, new Date()));
    if (!principal) {
      noticeToken(this.options, request, token);
      return sendProblem(response, 'TOKEN_INVALID', 'Send a valid access token as "Authorization: Bearer …"; get one at /oauth/token.');
    }
    const key = idempotencyKey(request);
    if (key === null) return sendProblem(response, 'MALFORMED', `An Idempotency-Key has 1 to ${keyLengthMax} visible ASCII characters.`);

    const body = await readStrictJson(request, bodyBytesMax);
    if (!body.ok) return sendProblem(response, body.code, body.detail);
    const parsed = CheckRequest.safeParse(body.value);
    if (!parsed.success)
      return sendProblem(response, 'MALFORMED', 'The request does not have the shape of a check; nothing was decided.', {
        errors: pointers(parsed.error),
      });
    const { subject } = parsed.data;
    if (!subject && subjectRequired)
      return sendProblem(response, 'MALFORMED', 'An AuthZEN evaluation names its subject.', {
        errors: [{ pointer: '/subject', detail: 'is missing' }],
      });
    if (subject && (subject.type !== 'agent' || subject.id !== principal.agent)) {
      this.recordWrongSubject(principal);
      return sendProblem(response, 'WRONG_SUBJECT', 'The agent is whoever the token says; leave the subject out, or name that agent.');
    }

    const { model } = parsed.data.context;
    if (model !== undefined) this.options.observer.noticed('agent.model', principal.agent, bounded(model));

    const traceparent = header(request, 'traceparent');
    const wantsReceipt = prefers(request.headers['prefer'], 'receipt');
    const result = await this.options.gatekeeper.check({
      principal,
      request: parsed.data,
      idempotencyKey: key,
      traceparent: traceparent !== undefined && traceparentShape.test(traceparent) ? traceparent : undefined,
      wantsReceipt,
    });
    switch (result.kind) {
      case 'decided': {
        const requestId = header(request, 'x-request-id');
        const extra = requestId !== undefined && requestIdShape.test(requestId) ? ['x-request-id', requestId] : [];
        if (result.replayed) extra.push('idempotent-replayed', 'true');
        if (wantsReceipt && result.answer.context.receipt !== undefined) extra.push('preference-applied', 'receipt');
        return sendAnswer(response, JSON.stringify(result.answer), extra);
      }
      case 'key_required':
        return sendProblem(
          response,
          'MALFORMED',
          'Using an approval needs an Idempotency-Key, so that a lost answer can be asked for again.',
        );
      case 'key_mismatch':
        return sendProblem(
          response,
          'IDEMPOTENCY_MISMATCH',
          'This Idempotency-Key belongs to another request of this agent; nothing was decided.',
        );
      case 'unavailable':
        if (guard.locked) return sendProblem(response, 'LOCKED', lockedText(guard.locked));
        return sendProblem(
          response,
          'UNAVAILABLE',
          `No decision was made, so the action must not go ahead: ${result.why}. Try again with the same Idempotency-Key.`,
        );
    }
  }

  private recordWrongSubject(principal: Principal): void {
    const now = Date.now();
    if (now - (this.refusalsAt.get(principal.agent) ?? 0) < refusalEveryMs) return;
    this.refusalsAt.set(principal.agent, now);
    const id = newId('evt');
    const payload: EventPayload = {
      kind: 'access.refused',
      id,
      actor: { type: 'agent', id: principal.agent },
      subject: { type: 'agent', id: principal.agent },
      data: { code: 'WRONG_SUBJECT', credential: principal.credential },
    };
    void this.options.committer.submit(
      {
        eventId: id,
        agent: principal.agent,
        workflow: '',
        payload: JSON.stringify(payload),
        refuseWhenHalted: false,
        haltsWorkflow: false,
      },
      this.options.epoch(),
    );
  }
}

/** bearerToken is the token of an RFC 6750 section 2.1 header, or undefined. */
export function bearerToken(request: IncomingMessage): string | undefined {
  const value = request.headers.authorization;
  return value !== undefined && value.length > 7 && value.slice(0, 7).toLowerCase() === 'bearer ' ? value.slice(7) : undefined;
}

/** idempotencyKey reads the header: a structured string (quoted) in the IETF draft, and both spellings name the same key. null: not a key. */
export function idempotencyKey(request: IncomingMessage): string | undefined | null {
  const value = header(request, 'idempotency-key');
  if (value === undefined) return undefined;
  const key = value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
  return key.length > 0 && key.length <= keyLengthMax && keyShape.test(key) ? key : null;
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** pointers turns zod's issues into RFC 9457 style errors with JSON Pointers. */
export function pointers(error: z.ZodError): NonNullable<Problem['errors']> {
  const escape = (part: PropertyKey): string => String(part).replaceAll('~', '~0').replaceAll('/', '~1');
  return error.issues
    .slice(0, 20)
    .map((issue) => ({ pointer: issue.path.map((part) => `/${escape(part)}`).join(''), detail: issue.message }));
}
