import { cookies, headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { cache } from 'react';
import { may } from '@/lib/people/permissions';
import type { Permission } from '@/lib/people/schema';
import { findSession, type SignedIn, type User } from '@/lib/people/service';
import { pathHeader } from './path';
import { newPasswordPath } from './return-path';
import { sessionCookieName, sessionIdOf } from './auth';

/** currentSession reads the session row of this request (once for a page with all its parts); undefined when nobody is signed in. */
export const currentSession = cache(async (): Promise<SignedIn | undefined> => {
  const jar = await cookies();
  const id = await sessionIdOf(jar.get(sessionCookieName())?.value);
  return id === undefined ? undefined : findSession(id);
});

/** requireSession answers the session of who is here, or sends the browser to sign in, or to choose a password of one's own, and back. For pages. */
export async function requireSession(): Promise<SignedIn> {
  const session = await currentSession();
  if (session && !session.mustChangePassword) return session;
  const from = (await headers()).get(pathHeader) ?? '/';
  const door = session ? newPasswordPath : '/sign-in';
  redirect(from === '/' ? door : `${door}?from=${encodeURIComponent(from)}`);
}

/** requireActor answers the person of requireSession. For pages. */
export const requireActor = async (): Promise<User> => (await requireSession()).user;

/** requirePermission is requireActor for a page that not everybody may open: forbidden looks like missing. */
export async function requirePermission(permission: Permission): Promise<User> {
  const person = await requireActor();
  if (!may(person, permission)) notFound();
  return person;
}
