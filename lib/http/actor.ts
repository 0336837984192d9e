import { cookies, headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { cache } from 'react';
import { may } from '@/lib/people/permissions';
import type { Permission } from '@/lib/people/schema';
import { findSession, type SignedIn, type User } from '@/lib/people/service';
import { pathHeader } from './path';
import { sessionCookieName, sessionIdOf } from './auth';

/** currentSession reads the session row of this request (once for a page with all its parts); undefined when nobody is signed in. */
export const currentSession = cache(async (): Promise<SignedIn | undefined> => {
  const jar = await cookies();
  const id = await sessionIdOf(jar.get(sessionCookieName())?.value);
  return id === undefined ? undefined : findSession(id);
});

/** currentActor answers the person who is signed in, or undefined. */
export async function currentActor(): Promise<User | undefined> {
  return (await currentSession())?.user;
}

/** requireActor answers the person, or sends the browser to sign in and back. For pages. */
export async function requireActor(): Promise<User> {
  const person = await currentActor();
  if (person) return person;
  const from = (await headers()).get(pathHeader) ?? '/';
  redirect(from === '/' ? '/sign-in' : `/sign-in?from=${encodeURIComponent(from)}`);
}

/** requirePermission is requireActor for a page that not everybody may open: forbidden looks like missing. */
export async function requirePermission(permission: Permission): Promise<User> {
  const person = await requireActor();
  if (!may(person, permission)) notFound();
  return person;
}
