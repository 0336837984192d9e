import type { FastifyReply, FastifyRequest } from 'fastify';
import { bearerToken } from './check-door';
import { lockedRetrySeconds } from './reply';
import type { Principal } from '@/lib/check/domain';
import type { Doorkeeper } from '@/lib/check/service';
import { newId } from '@/lib/kernel/ids';
import { newProblem, type Problem, type ProblemCode } from '@/lib/kernel/problem';

/** problem answers with application/problem+json (RFC 9457), on the routes that Fastify serves. */
export function problem(reply: FastifyReply, code: ProblemCode, detail: string, errors?: Problem['errors']): FastifyReply {
  const body = newProblem(code, detail, newId('req'), errors);
  if (code === 'TOKEN_INVALID') reply.header('www-authenticate', 'Bearer error="invalid_token"');
  if (code === 'UNAVAILABLE') reply.header('retry-after', '1');
  if (code === 'LOCKED') reply.header('retry-after', lockedRetrySeconds);
  // The rest of a body that was not read would be taken for the next request.
  if (code === 'TOO_LARGE' || code === 'UNSUPPORTED_MEDIA') reply.header('connection', 'close');
  return (
    reply
      .code(body.status)
      .header('content-type', 'application/problem+json')
      .header('x-request-id', body.request_id)
      // Bytes, since a text would be given a charset that the type does not have.
      .send(Buffer.from(JSON.stringify(body)))
  );
}

/** noToken is the one answer to whoever shows no valid access token. */
export const noToken = (reply: FastifyReply): FastifyReply =>
  problem(reply, 'TOKEN_INVALID', 'Send a valid access token as "Authorization: Bearer …"; get one at /oauth/token.');

/** principalOf tells who asks, looking at the latest rules before it says nobody. */
export async function principalOf(request: FastifyRequest, doorkeeper: Doorkeeper): Promise<Principal | undefined> {
  const token = bearerToken(request.raw) ?? '';
  return doorkeeper.principalOf(token, new Date()) ?? doorkeeper.principalOfFresh(token, new Date());
}
