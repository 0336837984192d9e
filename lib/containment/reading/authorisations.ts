import { formatDigest } from '@/lib/kernel/hash';
import { may } from '@/lib/people/permissions';
import { listUsers, type User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { asksAs, otherRole, whyNotAsk, whyNotSign, type HaltedFacts } from '../domain';
import type { AuthorisationView } from '../schema';
import { readHaltedAction, readHaltedActions, type HaltedAction } from '../service/halted-actions';
import { listAuthorisations, listOpen, listParties, type ToldAuthorisation } from '../store/authorisations';

/** What people have said of letting a halted action happen once, and the digest they would sign; null when its arguments cannot be read. */
export type AuthorisationFacts = { view: AuthorisationView; digest: string | null };

/** readAuthorisations tells, by decision, what was asked and signed about letting halted actions happen, as one person sees it. `seqs` are the decisions' rows. */
export async function readAuthorisations(person: User, seqs: readonly bigint[]): Promise<Map<string, AuthorisationFacts>> {
  const actions = await readHaltedActions(seqs);
  if (actions.size === 0) return new Map();
  const all = [...actions.values()];
  const [told, parties, people] = await Promise.all([
    listAuthorisations(prisma(), [...actions.keys()]),
    listParties(
      prisma(),
      all.map(({ agentId }) => agentId),
      all.flatMap(({ asker }) => asker ?? []),
    ),
    listUsers(),
  ]);
  return new Map(
    all.map((action) => {
      const mine = told.filter(({ decisionId }) => decisionId === action.decisionId);
      const facts = factsOf(action, parties, mine);
      return [action.decisionId, { view: viewOf(person, people, facts, mine), digest: facts.readable ? facts.digest : null }];
    }),
  );
}

type Parties = Awaited<ReturnType<typeof listParties>>;

function factsOf(action: HaltedAction, parties: Parties, told: readonly ToldAuthorisation[]): HaltedFacts {
  const agent = parties.agents.get(action.agentId);
  return {
    authorisable: action.authorisable,
    readable: action.digest !== null,
    digest: action.digest === null ? '' : formatDigest(action.digest),
    agentStatus: agent?.status,
    editors: agent?.editors ?? [],
    askedFor: action.asker === null ? undefined : parties.askedFor.get(action.asker),
    authorised: told.some((one) => one.approvalStatus === 'used' || (one.approvalStatus === 'approved' && one.expired === false)),
  };
}

function viewOf(person: User, people: readonly User[], facts: HaltedFacts, told: readonly ToldAuthorisation[]): AuthorisationView {
  const userOf = new Map(people.map((user) => [user.id, user]));
  const named = (id: string) => ({ id, name: userOf.get(id)?.name ?? id });
  // What a person wrote is shown to those who read arguments, as on the event itself.
  const words = (text: string | null) => (may(person, 'arguments:read') ? text : null);
  const askedOf = ({ askedBy, askedAs, askedAt, reason }: ToldAuthorisation) => ({
    by: named(askedBy),
    as: askedAs,
    at: askedAt.toISOString(),
    reason: words(reason),
  });
  const open = told.find(({ status }) => status === 'open');
  const signed = told.find(({ status }) => status === 'signed');
  const askAs = asksAs(person);
  return {
    open: open
      ? {
          id: open.id,
          asked: askedOf(open),
          minutes: open.validMinutes,
          signs: otherRole(open.askedAs),
          signers: people
            .filter((user) => whyNotSign(open, userOf.get(open.askedBy), user, facts) === undefined)
            .map(({ id, name }) => ({ id, name })),
          whyNotSign: whyNotSign(open, userOf.get(open.askedBy), person, facts) ?? null,
        }
      : null,
    signed:
      signed && signed.signedBy !== null && signed.signedAs !== null && signed.signedAt !== null && signed.approvalId !== null
        ? {
            id: signed.id,
            asked: askedOf(signed),
            signed: {
              by: named(signed.signedBy),
              as: signed.signedAs,
              at: signed.signedAt.toISOString(),
              reason: words(signed.signedReason),
            },
            approval: signed.approvalId,
            state: stateOf(signed),
            expiresAt: signed.expiresAt?.toISOString() ?? signed.signedAt.toISOString(),
            usedBy: signed.usedBy,
          }
        : null,
    askAs,
    whyNotAsk: whyNotAsk(person, askAs[0] ?? 'leader', facts, open !== undefined) ?? null,
  };
}

function stateOf({ approvalStatus, expired }: ToldAuthorisation): 'ready' | 'used' | 'expired' | 'cancelled' {
  if (approvalStatus === 'used' || approvalStatus === 'cancelled') return approvalStatus;
  return approvalStatus === 'approved' && expired === false ? 'ready' : 'expired';
}

/** Open questions looked at for one person; there are never many. */
const openMax = 200;

export type ToSign = { id: string; decisionId: string; agentId: string; action: string; askedBy: string; askedAt: Date };

/** listToSign gives what waits for this person's signature, the oldest first. */
export async function listToSign(person: User): Promise<ToSign[]> {
  if (asksAs(person).length === 0) return [];
  const open = await listOpen(prisma(), openMax);
  const [actions, people] = await Promise.all([Promise.all(open.map(({ decisionId }) => readHaltedAction(decisionId))), listUsers()]);
  const known = actions.filter((action) => action !== undefined);
  const [parties, told] = await Promise.all([
    listParties(
      prisma(),
      known.map(({ agentId }) => agentId),
      known.flatMap(({ asker }) => asker ?? []),
    ),
    listAuthorisations(
      prisma(),
      open.map(({ decisionId }) => decisionId),
    ),
  ]);
  const userOf = new Map(people.map((user) => [user.id, user]));
  return open.flatMap((request, i) => {
    const action = actions[i];
    if (!action) return [];
    const facts = factsOf(
      action,
      parties,
      told.filter(({ decisionId }) => decisionId === request.decisionId),
    );
    if (whyNotSign(request, userOf.get(request.askedBy), person, facts) !== undefined) return [];
    const { id, decisionId, agentId, askedBy, askedAt } = request;
    return [{ id, decisionId, agentId, action: action.action, askedBy: userOf.get(askedBy)?.name ?? askedBy, askedAt }];
  });
}
