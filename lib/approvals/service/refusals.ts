import { findUser, listUsers, type User } from '@/lib/people/service';
import { mayDecide } from '../domain';
import { rejectionReasons, RejectionCode, type DecideRefusalCode, type Named, type Refusal } from '../schema';
import type { ApprovalRow } from '../store';

/** Names said before "and n others". */
const namesMax = 4;

/** decidersOf lists the active people who may decide a request: those whose roles reach it, without the person it was asked for. */
export function decidersOf(people: readonly User[], approval: Pick<ApprovalRow, 'processOwnerId' | 'askerPersonId'>): Named[] {
  return people
    .filter(
      (person) => person.status === 'active' && person.personId !== approval.askerPersonId && mayDecide(person, approval.processOwnerId),
    )
    .map(({ id, name }) => ({ id, name }));
}

/** refusalOf puts a refusal into words: who decided first and what, when it ran out, who may. Names people, never agents' text. */
export async function refusalOf(code: DecideRefusalCode, approval: ApprovalRow): Promise<Refusal> {
  const decider = approval.decidedBy === null ? undefined : await findUser(approval.decidedBy);
  const deciders = code === 'NOT_ALLOWED' || code === 'OWN_REQUEST' ? decidersOf(await listUsers(), approval) : [];
  return { code, text: refusalText(code, approval, decider?.name ?? null, deciders) };
}

/** refusalText is the sentence of a refusal. */
export function refusalText(
  code: DecideRefusalCode,
  approval: Pick<ApprovalRow, 'status' | 'decidedAt' | 'reasonCode' | 'expiresAt'>,
  decidedBy: string | null,
  deciders: readonly Named[],
): string {
  switch (code) {
    case 'NOT_FOUND':
      return 'There is no such request.';
    case 'OWN_REQUEST':
      return `This was asked for on your behalf, so you cannot decide it. ${whoMay(deciders)}`;
    case 'NOT_ALLOWED':
      return `Your roles do not let you decide this. ${whoMay(deciders)}`;
    case 'ALREADY_DECIDED':
      return `${decidedBy ?? 'Someone'} ${approval.status === 'rejected' ? 'rejected' : 'approved'} this first${because(approval.reasonCode)}. Their verdict stands.`;
    case 'EXPIRED':
      return 'The deadline passed before anyone decided, so it was refused. The agent can ask again.';
    case 'DIGEST_CHANGED':
      return 'What you were shown is not the action that waits here. Nothing was decided; load the page again and read it anew.';
  }
}

function because(code: string | null): string {
  const known = RejectionCode.safeParse(code);
  return known.success ? ` (${rejectionReasons[known.data].toLowerCase()})` : '';
}

function whoMay(deciders: readonly Named[]): string {
  if (deciders.length === 0) return 'Nobody here may: it needs the owner of its process or a leader.';
  const names = deciders.slice(0, namesMax).map((person) => person.name);
  const more = deciders.length - names.length;
  if (more > 0) names.push(`${more} more`);
  return `${new Intl.ListFormat('en', { type: 'disjunction' }).format(names)} may.`;
}
