import { samePerson } from '@/lib/people/domain';
import { may } from '@/lib/people/permissions';
import type { Role } from '@/lib/people/schema';
import { hasBuilt } from '@/lib/registry/domain/lifecycle';
import { seniorRoles, type AskAuthorisationRefusal, type Authorisation, type SeniorRole, type SignAuthorisationRefusal } from '../schema';

/** Somebody with an account. */
export type Senior = { personId: string; roles: readonly Role[]; status: 'active' | 'deactivated' };

/** What letting a halted action happen turns on. */
export type HaltedFacts = {
  /** Halted for how risky it is; false: it is not the agent's at all, or nobody classified it. */
  authorisable: boolean;
  /** Its arguments are there, and are what the ledger commits to. */
  readable: boolean;
  /** The digest of the action, as the API writes it. */
  digest: string;
  agentStatus: string | undefined;
  /** The persons who built the agent. */
  editors: readonly string[];
  /** The account it was asked for; undefined: nobody's. */
  askedFor: { personId: string; status: string } | undefined;
  /** It was let happen before: done, or still good. */
  authorised: boolean;
};

export const otherRole = (role: SeniorRole): SeniorRole => (role === 'leader' ? 'security' : 'leader');

const holds = (person: Senior | undefined, role: SeniorRole): boolean =>
  person?.status === 'active' && person.roles.includes(role) && may(person, 'workflow:release');

/** asksAs lists the roles under which a person can ask. */
export const asksAs = (person: Senior): SeniorRole[] => seniorRoles.filter((role) => holds(person, role));

type PartRefusal = AskAuthorisationRefusal & SignAuthorisationRefusal;

// What holds for both of the two: neither asked for it, nor built the agent; and there is something to be let happen.
function whyNoPart(person: Senior, halted: HaltedFacts): PartRefusal | undefined {
  if (halted.askedFor?.personId === person.personId) return 'OWN_REQUEST';
  if (hasBuilt(person, halted)) return 'AUTHOR';
  if (!halted.authorisable) return 'NOT_AUTHORISABLE';
  if (!halted.readable) return 'ARGUMENTS_GONE';
  if (halted.agentStatus === undefined || halted.agentStatus === 'decommissioned') return 'AGENT_GONE';
  if (halted.askedFor !== undefined && halted.askedFor.status !== 'active') return 'ASKED_FOR_GONE';
  return halted.authorised ? 'ALREADY_AUTHORISED' : undefined;
}

/** whyNotAsk says why this person cannot ask for the action to happen once, under a role of theirs. `open`: somebody has asked already. */
export function whyNotAsk(
  person: Senior | undefined,
  as: SeniorRole,
  halted: HaltedFacts,
  open: boolean,
): AskAuthorisationRefusal | undefined {
  if (!person || !holds(person, as)) return 'NOT_ALLOWED';
  return whyNoPart(person, halted) ?? (open ? 'ALREADY_ASKED' : undefined);
}

/**
 * whyNotSign says why this person cannot sign: it takes another human, whatever accounts they use, under the other of the two roles; and whoever asked
 * must still be one who could.
 */
export function whyNotSign(
  request: Pick<Authorisation, 'status' | 'askedAs'>,
  asker: Senior | undefined,
  signer: Senior | undefined,
  halted: HaltedFacts,
): SignAuthorisationRefusal | undefined {
  if (!signer || asksAs(signer).length === 0) return 'NOT_ALLOWED';
  if (request.status !== 'open') return 'NOT_OPEN';
  if (asker && samePerson(asker, signer)) return 'SAME_PERSON';
  if (!holds(signer, otherRole(request.askedAs))) return 'OTHER_ROLE';
  return (
    whyNoPart(signer, halted) ??
    (holds(asker, request.askedAs) && asker && whyNoPart(asker, halted) === undefined ? undefined : 'ASKER_GONE')
  );
}
