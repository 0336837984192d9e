import { z } from 'zod';
import { newId } from '@/lib/kernel/ids';
import { parseStrictJson } from '@/lib/kernel/strict-json';
import type { Problem } from '@/lib/kernel/problem';
import { may } from '@/lib/people/permissions';
import type { SignedIn, User } from '@/lib/people/service';
import { createLog } from '@/lib/platform/log';
import { currentSession } from './actor';
import { jsonAnswer, problemAnswer, Refused } from './answers';
import { isSameOrigin } from './origin';
import { routes, type OpenRouteKey, type PersonRouteKey, type RouteKey } from './routes';

/** Largest body of a people route, unless it declares another. */
export const routeBodyBytesMax = 16 * 1024;
const jsonType = /^application\/json\s*(;\s*charset=utf-8\s*)?$/i;

type Shape = z.ZodType;
type Read<S> = S extends Shape ? z.infer<S> : undefined;

export type Call<P, Q, B> = { person: User; session: SignedIn; params: Read<P>; query: Read<Q>; body: Read<B>; request: Request };

/** What a route declares: shapes in, shape out, one function. `answer` 'stream' hands a Response through. */
export type Declaration<P, Q, B, A> = {
  params?: P;
  query?: Q;
  body?: B;
  /** For the few records that are larger than routeBodyBytesMax. */
  bodyBytesMax?: number;
  answer: A;
  /** The one thing that is open to who still has a one-time password: choosing another. */
  opensWithOneTimePassword?: true;
  run: (call: Call<P, Q, B>) => Promise<(A extends Shape ? z.input<A> : Response) | Refused>;
};

type Context = { params: Promise<Record<string, string | string[] | undefined>> };
export type Handler = (request: Request, context: Context) => Promise<Response>;

// Forbidden looks like missing: one sentence, made anew each time.
const missing = () => new Refused('NOT_FOUND', 'There is nothing here that you may see.');

/**
 * route makes a handler of the people plane. In order: no bearer token opens it; a POST or PUT comes from our own pages and is JSON; the session row is read;
 * a one-time password was replaced; the permission of lib/http/routes.ts is asked; shapes are parsed; the function runs; the answer is parsed on the way out. Refusals are
 * problem+json with a request id.
 */
export function route<
  A extends Shape | 'stream',
  P extends Shape | undefined = undefined,
  Q extends Shape | undefined = undefined,
  B extends Shape | undefined = undefined,
>(key: PersonRouteKey, declaration: Declaration<P, Q, B, A>): Handler {
  return answering(key, declaration.answer, (request, context) => handle(key, declaration, request, context));
}

/** What a route for anyone declares: a body and an answer. */
export type OpenDeclaration<B extends Shape, A extends Shape> = {
  body: B;
  answer: A;
  run: (call: { body: z.infer<B>; request: Request }) => Promise<z.input<A> | Refused>;
};

/** openRoute makes a handler that needs nobody signed in: route() without its person. What it does is decided by what is sent. */
export function openRoute<A extends Shape, B extends Shape>(key: OpenRouteKey, declaration: OpenDeclaration<B, A>): Handler {
  return answering(key, declaration.answer, async (request) => {
    const refusal = refuseRequest(request);
    if (refusal) return refusal;
    const body = await readBody(request, routeBodyBytesMax);
    if (body instanceof Refused) return body;
    const parsed = declaration.body.safeParse(body.value);
    return parsed.success ? declaration.run({ body: parsed.data, request }) : unprocessable(issuesOf(parsed.error));
  });
}

/** Runs a handler and puts what it answers, refuses or throws into a response. */
function answering(key: RouteKey, answer: Shape | 'stream', work: (request: Request, context: Context) => Promise<unknown>): Handler {
  return async (request, context) => {
    const requestId = newId('req');
    try {
      const result = await work(request, context);
      if (result instanceof Refused) return problemAnswer(result, requestId);
      if (answer === 'stream') return result as Response;
      return jsonAnswer(answer.parse(result), requestId);
    } catch (error) {
      createLog('web').error(
        { route: key, request: requestId, err: error instanceof Error ? error.message : String(error) },
        'route failed',
      );
      return problemAnswer(
        new Refused('INTERNAL', 'Nothing was changed. Try again; if it stays, give the request id to whoever runs this server.'),
        requestId,
      );
    }
  };
}

async function handle<P, Q, B, A>(
  key: PersonRouteKey,
  declaration: Declaration<P, Q, B, A>,
  request: Request,
  context: Context,
): Promise<unknown> {
  const refusal = refuseRequest(request);
  if (refusal) return refusal;
  const session = await currentSession();
  if (!session) return new Refused('SIGNED_OUT', 'Your session has ended. Sign in again; nothing was changed.');
  if (session.mustChangePassword && !declaration.opensWithOneTimePassword)
    return new Refused(
      'PASSWORD_CHANGE_REQUIRED',
      'Choose a password of your own first: an administrator knows the present one. Nothing was changed.',
    );
  if (!may(session.user, routes[key])) return missing();
  const params = read(declaration.params, await context.params);
  if (!params.ok) return missing();
  const query = read(declaration.query, Object.fromEntries(new URL(request.url).searchParams));
  if (!query.ok) return new Refused('UNPROCESSABLE', 'The address asks for something this page does not know.', query.errors);
  const body = declaration.body === undefined ? undefined : await readBody(request, declaration.bodyBytesMax ?? routeBodyBytesMax);
  if (body instanceof Refused) return body;
  const parsed = read(declaration.body, body?.value);
  if (!parsed.ok) return unprocessable(parsed.errors);
  // Each was parsed by the very shape its type is read from.
  return declaration.run({
    person: session.user,
    session,
    params: params.value as Read<P>,
    query: query.value as Read<Q>,
    body: parsed.value as Read<B>,
    request,
  });
}

function refuseRequest(request: Request): Refused | undefined {
  if (request.headers.has('authorization')) return new Refused('WRONG_PLANE', 'This is the door of people. Agents use /api/check.');
  if (request.method === 'GET' || request.method === 'HEAD') return undefined;
  if (!isSameOrigin(request)) return new Refused('FORBIDDEN', 'This request came from another site, so nothing was done.');
  if (!jsonType.test(request.headers.get('content-type') ?? ''))
    return new Refused('UNSUPPORTED_MEDIA', 'Send the body as application/json in UTF-8.');
  return undefined;
}

type Reading = { ok: true; value: unknown } | { ok: false; errors: NonNullable<Problem['errors']> };

function read(shape: unknown, value: unknown): Reading {
  if (!(shape instanceof z.ZodType)) return { ok: true, value: undefined };
  const parsed = shape.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, errors: issuesOf(parsed.error) };
}

const issuesOf = (error: z.ZodError): NonNullable<Problem['errors']> =>
  error.issues.map((issue) => ({ pointer: issue.path.map((part) => `/${String(part)}`).join(''), detail: issue.message }));

const unprocessable = (errors: NonNullable<Problem['errors']>): Refused =>
  new Refused('UNPROCESSABLE', 'Some of what was sent is missing or wrong. Nothing was changed.', errors);

async function readBody(request: Request, bytesMax: number): Promise<{ value: unknown } | Refused> {
  const tooLarge = () => new Refused('TOO_LARGE', `A body here has at most ${bytesMax} bytes. Nothing was changed.`);
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) return tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.length;
    if (size > bytesMax) {
      await reader?.cancel();
      return tooLarge();
    }
    chunks.push(part.value);
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks));
  } catch {
    return new Refused('MALFORMED', 'The body is not UTF-8. Nothing was changed.');
  }
  const json = parseStrictJson(text);
  return json.ok
    ? { value: json.value }
    : new Refused('MALFORMED', `The body is not JSON as it must be: ${json.reason}. Nothing was changed.`);
}
