import type { User } from '../schema';

/** How long a session lives from its sign-in, whatever is done in it. */
export const sessionSeconds = 8 * 3600;

/** samePerson tells whether two accounts are one human; separation of duties asks this, never whether accounts are equal. */
export function samePerson(a: Pick<User, 'personId'>, b: Pick<User, 'personId'>): boolean {
  return a.personId === b.personId;
}

/** isLive tells whether a session still opens anything: its person active, not ended, not over. */
export function isLive(session: { endedAt: Date | null; expiresAt: Date }, user: Pick<User, 'status'>, now: Date): boolean {
  return user.status === 'active' && session.endedAt === null && session.expiresAt > now;
}
