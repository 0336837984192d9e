import type { FastifyInstance, FastifyRequest } from 'fastify';
import { noToken, principalOf, problem } from './answers';
import { readStrictJson } from './body';
import { stopsOf, type Principal } from '@/lib/check/domain';
import {
  gateReasons,
  waitSecondsMax,
  type AccessRequestStatus,
  type ApprovalStatus,
  type GateReasonCode,
  type HaltStatus,
} from '@/lib/check/schema';
import type { CancelResult, Canceller, Doorkeeper, Gatekeeper, RulesKeeper, Waiters } from '@/lib/check/service';
import { formatDigest } from '@/lib/kernel/hash';

type Parts = {
  gatekeeper: Gatekeeper;
  canceller: Canceller;
  doorkeeper: Doorkeeper;
  rules: RulesKeeper;
  waiters: Waiters;
  publicUrl: string;
};
type Row = Extract<CancelResult, { kind: 'cancelled' }>['row'];
type Addressed = { Params: { id: string }; Querystring: { wait?: string } };

const approvalIdShape = /^apr_[0-9a-z]{26}$/;
const decisionIdShape = /^dec_[0-9a-z]{26}$/;
/** A cancellation says everything in its address. */
const cancelBytesMax = 1_024;
const retryAfterSeconds = 5;
const noSuchRequest = 'This agent has no such request.';

/**
 * addAccessRequests adds where an agent asks after its request for approval, or after a halt by its decision, and where it takes a request back (AuthZEN
 * Access Request profile).
 */
export function addAccessRequests(app: FastifyInstance, parts: Parts): void {
  app.get<Addressed>('/access/v1/requests/:id', async (request, reply) => {
    const principal = await principalOf(request, parts.doorkeeper);
    if (!principal) return noToken(reply);
    const { id } = request.params;
    const wait = /^[0-9]{1,2}$/.test(request.query.wait ?? '0') ? Number(request.query.wait ?? '0') : undefined;
    if (wait === undefined || wait > waitSecondsMax)
      return problem(reply, 'MALFORMED', `wait is a number of seconds from 0 to ${waitSecondsMax}.`);
    try {
      const status = approvalIdShape.test(id)
        ? await waitForChange(parts, principal, id, wait, request)
        : decisionIdShape.test(id)
          ? await waitForRelease(parts, principal, id, wait, request)
          : undefined;
      return status ? reply.send(status) : problem(reply, 'NOT_FOUND', noSuchRequest);
    } catch {
      return problem(reply, 'UNAVAILABLE', 'The database does not answer. The request is kept; ask again.');
    }
  });

  app.post<Addressed>('/access/v1/requests/:id/cancel', async (request, reply) => {
    const principal = await principalOf(request, parts.doorkeeper);
    if (!principal) return noToken(reply);
    const body = hasBody(request) ? await readStrictJson(request.raw, cancelBytesMax) : undefined;
    if (body && !body.ok) return problem(reply, body.code, body.detail);
    if (body && !isEmptyObject(body.value)) return problem(reply, 'MALFORMED', 'A cancellation has no body, or an empty object.');
    const { id } = request.params;
    const result: CancelResult = approvalIdShape.test(id) ? await parts.canceller.cancel(principal, id) : { kind: 'unknown' };
    switch (result.kind) {
      case 'cancelled':
        parts.waiters.wake(id);
        return reply.send(statusOf(result.row, parts.publicUrl));
      case 'unknown':
        return problem(reply, 'NOT_FOUND', noSuchRequest);
      case 'over':
        return problem(reply, result.status === 'expired' ? 'EXPIRED' : 'ALREADY_DECIDED', overText[result.status]);
      case 'unavailable':
        return problem(reply, 'UNAVAILABLE', `Nothing was cancelled: ${result.why}. Ask again.`);
    }
  });
}

const overText: Record<ApprovalStatus, string> = {
  pending: 'It still waits.',
  approved: 'It is approved.',
  cancelled: 'It was cancelled before.',
  rejected: 'A person rejected it first; there is nothing left to cancel.',
  expired: 'Its deadline passed first, so it was refused; there is nothing left to cancel.',
  used: 'Its approval was used first: the action was allowed, and only a reversal undoes it.',
};

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;

async function waitForChange(
  { gatekeeper, rules, waiters, publicUrl }: Parts,
  principal: Principal,
  id: string,
  waitSeconds: number,
  request: FastifyRequest,
): Promise<AccessRequestStatus | undefined> {
  const until = performance.now() + waitSeconds * 1000;
  for (;;) {
    const row = await gatekeeper.approvalStatus(principal.agent, id);
    if (!row) return undefined;
    // An agent that was stopped, or whose action was, hears it at once: a person's yes would not let it act.
    const [stop] = stopsOf(rules.snapshot.rules, principal, row.action);
    const over = row.status !== 'pending' || stop !== undefined || performance.now() >= until;
    if (over || waiters.isFull || request.raw.destroyed) return statusOf(row, publicUrl, stop);
    // Most changes of the rules stop somebody else; those who sleep on need not ask the database.
    while ((await waiters.sleep(id, until)) === 'rules' && stopsOf(rules.snapshot.rules, principal, row.action).length === 0);
  }
}

async function waitForRelease(
  { gatekeeper, rules, waiters, publicUrl }: Parts,
  principal: Principal,
  id: string,
  waitSeconds: number,
  request: FastifyRequest,
): Promise<HaltStatus | undefined> {
  const until = performance.now() + waitSeconds * 1000;
  for (;;) {
    const found = await gatekeeper.haltStatus(principal.agent, id);
    if (!found) return undefined;
    const { halt, approval } = found;
    const [stop] = stopsOf(rules.snapshot.rules, principal);
    const over = halt.releasedAt !== null || stop !== undefined || performance.now() >= until;
    if (over || waiters.isFull || request.raw.destroyed)
      return {
        id,
        status: halt.releasedAt === null ? 'halted' : 'released',
        halted_at: halt.haltedAt.toISOString(),
        ...(halt.releasedAt ? { released_at: halt.releasedAt.toISOString() } : {}),
        ...(approval ? { approval: statusOf(approval, publicUrl) } : {}),
        status_endpoint: `${publicUrl}/access/v1/requests/${id}`,
        retry_after: halt.releasedAt === null ? retryAfterSeconds : 0,
        ...(stop === undefined ? {} : { stopped: { code: stop, text: gateReasons[stop] } }),
      };
    // A release moves the rules; those who sleep on need not ask the database while this gateway still remembers the halt.
    while (
      (await waiters.sleep(id, until)) === 'rules' &&
      rules.isHalted(principal.workflow) &&
      stopsOf(rules.snapshot.rules, principal).length === 0
    );
  }
}

function statusOf(row: Row, publicUrl: string, stop?: GateReasonCode): AccessRequestStatus {
  return {
    id: row.id,
    status: row.status,
    digest: formatDigest(row.digest),
    requested_at: row.requestedAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
    status_endpoint: `${publicUrl}/access/v1/requests/${row.id}`,
    retry_after: row.status === 'pending' ? retryAfterSeconds : 0,
    ...(row.decidedAt ? { decided_at: row.decidedAt.toISOString() } : {}),
    ...(row.reasonCode === null ? {} : { reason_code: row.reasonCode }),
    ...(row.usedAt ? { used_at: row.usedAt.toISOString() } : {}),
    ...(stop === undefined ? {} : { stopped: { code: stop, text: gateReasons[stop] } }),
  };
}
