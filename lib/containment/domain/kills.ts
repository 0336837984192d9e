import { samePerson } from '@/lib/people/domain';
import { may, ownProcessOnly } from '@/lib/people/permissions';
import type { Role } from '@/lib/people/schema';
import type { KillScope, KillSwitch } from '../schema';

type Person = { personId: string; roles: readonly Role[] };

/** maySetKill tells whether a person may stop this: a process owner their own processes and those processes' agents, others anything. */
export function maySetKill(person: Person, scope: KillScope, ownsTarget: boolean): boolean {
  if (!may(person, 'kill:set')) return false;
  if (!ownProcessOnly(person, 'kill:set')) return true;
  return (scope === 'process' || scope === 'agent') && ownsTarget;
}

export type LiftRefusal = 'NOT_ALLOWED' | 'ALREADY_LIFTED' | 'SAME_PERSON';

/** whyNotLift says why a stop stays: it takes a second person, whatever account they use. `setter` is undefined when Countersign set it. */
export function whyNotLift(
  kill: Pick<KillSwitch, 'liftedAt'>,
  setter: { personId: string } | undefined,
  person: Person | undefined,
): LiftRefusal | undefined {
  if (!person || !may(person, 'kill:lift')) return 'NOT_ALLOWED';
  if (kill.liftedAt !== null) return 'ALREADY_LIFTED';
  if (setter && samePerson(setter, person)) return 'SAME_PERSON';
  return undefined;
}
