import { newProblem, type Problem, type ProblemCode } from '@/lib/kernel/problem';

const noStore = { 'cache-control': 'no-store' } as const;

/** A handler's "no": turned into problem+json by route(). */
export class Refused {
  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    readonly errors?: Problem['errors'],
  ) {}
}

/** problemAnswer is one RFC 9457 answer, made anew each time. */
export function problemAnswer(refused: Refused, requestId: string): Response {
  const problem = newProblem(refused.code, refused.detail, requestId, refused.errors);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { ...noStore, 'content-type': 'application/problem+json', 'x-request-id': requestId },
  });
}

/** jsonAnswer is a 200 with JSON that nothing on the way may keep. */
export function jsonAnswer(value: unknown, requestId: string): Response {
  return new Response(JSON.stringify(value), {
    status: 200,
    headers: { ...noStore, 'content-type': 'application/json', 'x-request-id': requestId },
  });
}
