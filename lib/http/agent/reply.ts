import type { ServerResponse } from 'node:http';
import { newId } from '@/lib/kernel/ids';
import { newProblem, type Problem, type ProblemCode } from '@/lib/kernel/problem';

/** Headers of every answer of the agent plane: nothing is cached, nothing is sniffed. */
export const plainHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** People take minutes; until then asking again changes nothing. */
export const lockedRetrySeconds = '10';

const answerHeaders = ['content-type', 'application/json', ...Object.entries(plainHeaders).flat()];

/** sendAnswer is sendJson for the answers whose speed counts: a flat header list, which node:http writes without sorting or merging. */
export function sendAnswer(response: ServerResponse, text: string, extra: readonly string[] = []): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(200, [...answerHeaders, 'content-length', String(Buffer.byteLength(text)), ...extra]);
  response.end(text);
}

/** sendJson answers with a JSON text that is already made. */
export function sendJson(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...plainHeaders,
    ...headers,
  });
  response.end(text);
}

/** sendProblem answers with application/problem+json (RFC 9457). */
export function sendProblem(
  response: ServerResponse,
  code: ProblemCode,
  detail: string,
  extra: { headers?: Record<string, string>; errors?: Problem['errors'] } = {},
): void {
  const problem = newProblem(code, detail, newId('req'), extra.errors);
  sendJson(response, problem.status, JSON.stringify(problem), {
    'content-type': 'application/problem+json',
    'x-request-id': problem.request_id,
    ...(code === 'TOKEN_INVALID' ? { 'www-authenticate': 'Bearer error="invalid_token"' } : {}),
    ...(code === 'UNAVAILABLE' ? { 'retry-after': '1' } : {}),
    ...(code === 'LOCKED' ? { 'retry-after': lockedRetrySeconds } : {}),
    // The rest of a body that was not read would be taken for the next request.
    ...(code === 'TOO_LARGE' || code === 'UNSUPPORTED_MEDIA' ? { connection: 'close' } : {}),
    ...extra.headers,
  });
}
