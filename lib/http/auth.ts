import NextAuth, { type AuthOptions } from 'next-auth';
import { decode } from 'next-auth/jwt';
import CredentialsProvider from 'next-auth/providers/credentials';
import { z } from 'zod';
import { endSession, signIn } from '@/lib/people/service';
import { sessionSeconds } from '@/lib/people/domain';
import { webEnv } from '@/lib/platform/env';
import { createLog } from '@/lib/platform/log';
import { Refused, problemAnswer } from './answers';
import { clientAddress } from './client-address';
import { isSameOrigin } from './origin';
import { newId } from '@/lib/kernel/ids';

// next-auth lives in this module alone. Its token carries the id of our own session row and nothing else: the row is what counts.

const Credentials = z.object({ email: z.string(), password: z.string() });
const Token = z.object({ sid: z.string() });

const isSecure = (): boolean => webEnv().NEXTAUTH_URL.startsWith('https:');
/** The name of the session cookie; `__Host-` binds it to this host where there is TLS. */
export const sessionCookieName = (): string => (isSecure() ? '__Host-countersign-session' : 'countersign-session');

type SignedInUser = { id: string; sid: string };

async function authorise(given: unknown, headers: Record<string, unknown> | undefined): Promise<SignedInUser | null> {
  const credentials = Credentials.safeParse(given);
  if (!credentials.success) return null;
  const outcome = await signIn({ ...credentials.data, address: clientAddress(headers) }).catch((error: unknown) => {
    createLog('web').error({ err: error instanceof Error ? error.message : String(error) }, 'sign-in failed');
    // What is thrown here reaches the browser, so it is a code.
    throw new Error('UNAVAILABLE');
  });
  if (outcome.ok) return { id: outcome.signedIn.user.id, sid: outcome.signedIn.sessionId };
  if (outcome.code === 'LOCKED') throw new Error(`LOCKED:${outcome.retryAfterSeconds}`);
  return null;
}

function authOptions(): AuthOptions {
  const env = webEnv();
  return {
    secret: env.NEXTAUTH_SECRET,
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/sign-in' },
    cookies: { sessionToken: { name: sessionCookieName(), options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure() } } },
    providers: [
      CredentialsProvider({
        credentials: { email: { label: 'E-mail', type: 'email' }, password: { label: 'Password', type: 'password' } },
        authorize: (credentials, request) => authorise(credentials, request.headers),
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => ('sid' in (user ?? {}) ? { sid: (user as SignedInUser).sid } : { sid: token['sid'] }),
      // Nothing about the person is handed to the browser here: pages read the row.
      session: ({ session }) => ({ expires: session.expires }),
      redirect: ({ url, baseUrl }) =>
        url.startsWith('/') && !url.startsWith('//') ? `${baseUrl}${url}` : url.startsWith(`${baseUrl}/`) ? url : baseUrl,
    },
  };
}

/** sessionIdOf reads our session id out of the cookie's token; undefined when it is missing, forged or too old. */
export async function sessionIdOf(cookie: string | undefined): Promise<string | undefined> {
  if (!cookie) return undefined;
  const token = await decode({ token: cookie, secret: webEnv().NEXTAUTH_SECRET }).catch(() => null);
  const parsed = Token.safeParse(token);
  return parsed.success ? parsed.data.sid : undefined;
}

type Context = { params: Promise<{ nextauth: string[] }> };

function cookieOf(request: Request): string | undefined {
  const prefix = `${sessionCookieName()}=`;
  const pair = request.headers
    .get('cookie')
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(prefix));
  return pair?.slice(prefix.length);
}

/**
 * authHandler answers everything under /api/auth. A credential of an agent opens nothing here, another site's form neither, and signing out ends the
 * session row before the cookie goes, so that a copied cookie is worth nothing.
 */
export async function authHandler(request: Request, context: Context): Promise<Response> {
  const requestId = newId('req');
  if (request.headers.has('authorization'))
    return problemAnswer(new Refused('WRONG_PLANE', 'This is the door of people. Agents use /api/check.'), requestId);
  if (request.method === 'POST') {
    if (!isSameOrigin(request))
      return problemAnswer(new Refused('FORBIDDEN', 'This request came from another site, so nothing was done.'), requestId);
    const { nextauth } = await context.params;
    const session = nextauth[0] === 'signout' ? await sessionIdOf(cookieOf(request)) : undefined;
    if (session !== undefined) await endSession(session);
  }
  const answer: unknown = await NextAuth(request as never, context as never, authOptions());
  return answer as Response;
}
