import { z } from 'zod';

/** One refusal of a request that is no decision. Source: RFC 9457. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  request_id: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** The closed list of problem codes, each with its one status and title. */
export const problems = {
  MALFORMED: { status: 400, title: 'The request could not be read' },
  TOKEN_INVALID: { status: 401, title: 'The token is missing or not valid' },
  KEY_INVALID: { status: 401, title: 'The tool key is missing or not valid' },
  SIGNED_OUT: { status: 401, title: 'Sign in first' },
  WRONG_SUBJECT: { status: 403, title: 'The token speaks for another subject' },
  WRONG_PLANE: { status: 403, title: 'This credential does not open this door' },
  FORBIDDEN: { status: 403, title: 'You may not do this' },
  PASSWORD_CHANGE_REQUIRED: { status: 403, title: 'Choose a password of your own first' },
  OWN_REQUEST: { status: 403, title: 'Nobody decides a request made for themselves' },
  NOT_FOUND: { status: 404, title: 'Not found' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This method is not offered here' },
  TIMED_OUT: { status: 408, title: 'The request took too long to arrive' },
  IDEMPOTENCY_MISMATCH: { status: 409, title: 'This idempotency key was used with another body' },
  ALREADY_DECIDED: { status: 409, title: 'Someone decided first' },
  EXPIRED: { status: 409, title: 'The deadline has passed' },
  DIGEST_CHANGED: { status: 409, title: 'This is not the action that was shown' },
  CONFLICT: { status: 409, title: 'Someone or something was faster' },
  DECISION_NOT_ALLOWED: { status: 409, title: 'That action was not allowed' },
  OUTCOME_REPORTED: { status: 409, title: 'Another outcome was reported already' },
  GAPS: { status: 422, title: 'Something is missing first' },
  TOO_LARGE: { status: 413, title: 'The body is too large' },
  UNSUPPORTED_MEDIA: { status: 415, title: 'Send application/json in UTF-8' },
  UNPROCESSABLE: { status: 422, title: 'The request does not make sense as it is' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  INTERNAL: { status: 500, title: 'Something went wrong on our side' },
  LOCKED: { status: 503, title: 'The gateway is locked until people have looked' },
  UNAVAILABLE: { status: 503, title: 'No decision can be made right now' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemCode = keyof typeof problems;

/** newProblem builds the RFC 9457 body. `detail` says what happened, what was kept and what to do next; never SQL, a stack, or anything of another agent. */
export function newProblem(code: ProblemCode, detail: string, requestId: string, errors?: Problem['errors']): Problem {
  const { status, title } = problems[code];
  return {
    type: `urn:countersign:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title,
    status,
    detail,
    code,
    request_id: requestId,
    ...(errors ? { errors } : {}),
  };
}
