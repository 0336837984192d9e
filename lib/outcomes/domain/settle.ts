import { may, ownProcessOnly } from '@/lib/people/permissions';
import type { User } from '@/lib/people/schema';

/** maySettle tells whether a person's word on an outcome counts: that of process owners in the processes they own. */
export function maySettle(person: Pick<User, 'roles'>, ownsItsProcess: boolean): boolean {
  return may(person, 'outcomes:settle') && (ownsItsProcess || !ownProcessOnly(person, 'outcomes:settle'));
}
