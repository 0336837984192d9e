import { findUser } from '@/lib/people/service';
import { decidersOf } from '../domain';
import {
  cancellationReasons,
  CancellationCode,
  rejectionReasons,
  RejectionCode,
  type Decider,
  type DecideRefusalCode,
  type Refusal,
} from '../schema';
import type { ApprovalRow } from '../store';

/** Names said before "and n others". */
const namesMax = 4;

/** refusalOf puts a refusal into words: who decided first and what, when it ran out, who may. Names people, never agents' text. */
export async function refusalOf(code: DecideRefusalCode, approval: ApprovalRow): Promise<Refusal> {
  const decider = approval.decidedBy === null ? undefined : await findUser(approval.decidedBy);
  return { code, text: refusalText(code, approval, decider?.name ?? null, decidersOf(approval)) };
}

/** refusalText is the sentence of a refusal. */
export function refusalText(
  code: DecideRefusalCode,
  approval: Pick<ApprovalRow, 'status' | 'decidedAt' | 'reasonCode' | 'expiresAt'>,
  decidedBy: string | null,
  deciders: readonly Pick<Decider, 'name'>[],
): string {
  switch (code) {
    case 'NOT_FOUND':
      return 'There is no such request.';
    case 'OWN_REQUEST':
      return `This was asked for on your behalf, so you cannot decide it. ${whoMay(deciders)}`;
    case 'AUTHOR':
      return `You are one of those who built this agent, so you cannot decide what it asks. ${whoMay(deciders)}`;
    case 'NOT_ALLOWED':
      return `This is not yours to decide: it goes to the Escalation row of its process. ${whoMay(deciders)}`;
    case 'ALREADY_DECIDED':
      if (approval.status === 'cancelled')
        return `This was cancelled before you decided${because(approval.reasonCode)}. Nothing can use it.`;
      return `${decidedBy ?? 'Someone'} ${approval.status === 'rejected' ? 'rejected' : 'approved'} this first${because(approval.reasonCode)}. Their verdict stands.`;
    case 'EXPIRED':
      return 'The deadline passed before anyone decided, so it was refused. The agent can ask again.';
    case 'DIGEST_CHANGED':
      return 'What you were shown is not the action that waits here. Nothing was decided; load the page again and read it anew.';
  }
}

function because(code: string | null): string {
  const rejected = RejectionCode.safeParse(code);
  if (rejected.success) return ` (${rejectionReasons[rejected.data].toLowerCase()})`;
  const cancelled = CancellationCode.safeParse(code);
  return cancelled.success ? ` (${cancellationReasons[cancelled.data].toLowerCase()})` : '';
}

function whoMay(deciders: readonly Pick<Decider, 'name'>[]): string {
  if (deciders.length === 0) return 'Nobody in that row may sign now; risk or an administrator can name somebody who may.';
  const names = deciders.slice(0, namesMax).map((person) => person.name);
  const more = deciders.length - names.length;
  if (more > 0) names.push(`${more} more`);
  return `${new Intl.ListFormat('en', { type: 'disjunction' }).format(names)} may.`;
}
