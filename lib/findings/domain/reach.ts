import { may, ownProcessOnly } from '@/lib/people/permissions';
import type { Role } from '@/lib/people/schema';
import type { Finding } from '../schema';

/** Somebody who would do something about findings; `owns`: the processes that are theirs, on any of their accounts. Undefined: Countersign itself. */
export type Manager = { roles: readonly Role[]; accounts: ReadonlySet<string>; owns: ReadonlySet<string> } | undefined;

/** mayManage tells whether a person may assign a finding or put it off: a process owner alone only those of processes of their own. */
export function mayManage(person: Manager, { processId }: Pick<Finding, 'processId'>): boolean {
  if (!person) return true;
  if (!may(person, 'findings:manage')) return false;
  return !ownProcessOnly(person, 'findings:manage') || (processId !== null && person.owns.has(processId));
}

/** mayTend tells whether a person may have its cause looked at again, or take its assignment back: who may manage the finding, and whoever it was given to. */
export const mayTend = (person: Manager, finding: Pick<Finding, 'processId' | 'assignedTo'>): boolean =>
  mayManage(person, finding) || (finding.assignedTo !== null && (person?.accounts.has(finding.assignedTo) ?? false));
