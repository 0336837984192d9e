import { may } from '@/lib/people/permissions';
import type { Role } from '@/lib/people/schema';
import { hasBuilt } from '@/lib/registry/domain/lifecycle';
import type { CallStep, StoredStatus } from '../schema';
import { routing, type Routing } from '.';

/**
 * The share of a request's time, from asking to its deadline, at which each step of its escalation is due: those who may sign are reminded, backups
 * are called, the accountable owner is called. At the deadline itself it expires.
 */
export const stepShares = { 1: 0.5, 2: 0.75, 3: 0.9 } as const satisfies Record<CallStep, number>;
const steps = [3, 2, 1] as const satisfies CallStep[];

type Timed = { status: StoredStatus; requestedAt: Date; expiresAt: Date };

/** dueStep is the step that a request's escalation should have reached at `now`; 0: none, also of one that waits no more. */
export function dueStep({ status, requestedAt, expiresAt }: Timed, now: Date): CallStep | 0 {
  if (status !== 'pending' || now >= expiresAt) return 0;
  const passed = (now.getTime() - requestedAt.getTime()) / (expiresAt.getTime() - requestedAt.getTime());
  return steps.find((step) => passed >= stepShares[step]) ?? 0;
}

/** Somebody who could be called. */
export type Callable = { userId: string; personId: string; roles: readonly Role[]; active: boolean };

/** Whom a request could be brought to beside the Escalation row: the agent's successors in their order, the managers of its Responsible, its owner. */
export type Circle = {
  successors: readonly Callable[];
  managers: readonly Callable[];
  owner: Callable | null;
};

/** A person called at a step. */
export type Call = { step: CallStep; userId: string };

const once = <Person extends Callable>(people: readonly Person[]): Person[] =>
  people.filter((one, at) => people.findIndex(({ personId }) => personId === one.personId) === at);

/**
 * callsFor is who is to be called when a request comes from step `from` to step `to`. A step that was passed over because the sweep came late calls
 * for what it gives alone: backups still get their right to sign, a reminder is not made up.
 */
export function callsFor(from: number, to: CallStep, request: Routing, circle: Circle): Call[] {
  const called: Call[] = [];
  if (to === 1) called.push(...reminded(request).map(({ userId }) => ({ step: 1 as const, userId })));
  if (from < 2 && to >= 2) called.push(...backupsOf(request, circle).map(({ userId }) => ({ step: 2 as const, userId })));
  if (to === 3) called.push(...lastOf(request, circle).map(({ userId }) => ({ step: 3 as const, userId })));
  return called;
}

/** Whoever may sign it now. */
const reminded = (request: Routing): Callable[] => once(routing(request).filter((routed) => routed.may));

/** Able to sign, and neither its asker nor anybody who built the agent. */
const maySign = (person: Callable, request: Routing): boolean =>
  person.active && may(person, 'approvals:decide') && person.personId !== request.askerPersonId && !hasBuilt(person, request);

/** The agent's successors who may sign and whom it does not reach already; where there are none, the managers of its Responsible. */
function backupsOf(request: Routing, circle: Circle): Callable[] {
  const reached = new Set(request.routedTo.flatMap(({ active, personId }) => (active ? [personId] : [])));
  const among = (people: readonly Callable[]) => once(people.filter((one) => maySign(one, request) && !reached.has(one.personId)));
  const successors = among(circle.successors);
  return successors.length > 0 ? successors : among(circle.managers);
}

/** The agent's owner and the Accountable of the Escalation row, as far as they may sign. */
function lastOf(request: Routing, circle: Circle): Callable[] {
  const owner = circle.owner !== null && maySign(circle.owner, request) ? [circle.owner] : [];
  return once([...routing(request).filter((routed) => routed.may && routed.how === 'accountable'), ...owner]);
}

/** calledAs says as what a person was called to a request that waits: as backup, or as the one who answers for it; null: not called. */
export function calledAs(
  person: Pick<Callable, 'personId'>,
  request: Pick<Routing, 'routedTo'> & { step: number },
): 'backup' | 'accountable' | null {
  const mine = request.routedTo.filter(({ active, personId }) => active && personId === person.personId);
  if (mine.some(({ how }) => how === 'owner' || (how === 'accountable' && request.step === 3))) return 'accountable';
  return mine.some(({ how }) => how === 'backup') ? 'backup' : null;
}
