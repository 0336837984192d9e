import type {
  AskAuthorisationRefusal,
  KillImpact,
  KillScope,
  KillView,
  SeniorRole,
  SignAuthorisationRefusal,
} from '@/lib/containment/schema';

/** What each scope is called, and what stopping it means. */
export const scopeWords: Record<KillScope, { one: string; means: string }> = {
  agent: { one: 'Agent', means: 'This agent may do nothing at all.' },
  process: { one: 'Process', means: 'No agent of this process may do anything.' },
  action_type: { one: 'Action type', means: 'No agent may do this; everything else goes on.' },
  system: { one: 'System', means: 'No agent may act on this system; everything else goes on.' },
  organisation: { one: 'Everything', means: 'No agent of the organisation may do anything.' },
};

/** What was stopped, in words: "the agent Invoices", "everything". */
export function whatIs({ scope, target }: Pick<KillView, 'scope' | 'target'>): string {
  return scope === 'organisation' ? 'everything' : `the ${scopeWords[scope].one.toLowerCase()} ${target.name}`;
}

const counted = (count: number, one: string, many: string): string[] =>
  count === 0 ? [] : [`${count.toLocaleString('en')} ${count === 1 ? one : many}`];

/** What a stop would stop, as a sentence's parts; empty when nothing of it is at work now. */
export const impactParts = ({ agents, waiting, calls, approved, grants }: KillImpact): string[] => [
  ...counted(agents, 'active agent', 'active agents'),
  ...counted(waiting, 'request that waits for a person', 'requests that wait for a person'),
  ...counted(calls, 'call that waits for the answer', 'calls that wait for the answer'),
  ...counted(approved, 'approval that was given and not used', 'approvals that were given and not used'),
  ...counted(grants, 'live grant', 'live grants'),
];

/** Milliseconds as people read them. */
export function took(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60).toLocaleString('en')} h`;
}

/** The two roles that let a halted action happen together. */
export const roleWords: Record<SeniorRole, string> = { leader: 'Leader', security: 'Security' };

const happenRefusals: Record<AskAuthorisationRefusal | SignAuthorisationRefusal, string> = {
  NOT_ALLOWED: 'That takes a leader and somebody of security.',
  OWN_REQUEST: 'It was asked for on your behalf, so two others do this, or nobody.',
  AUTHOR: 'You are one of those who built this agent, so two others do this, or nobody.',
  NOT_AUTHORISABLE:
    'It is not the agent’s at all, or nobody classified it: that is given by a permission or a classification, with their reviews.',
  ARGUMENTS_GONE: 'Its arguments were erased or cannot be read, so nobody can see what would happen.',
  AGENT_GONE: 'The agent was decommissioned.',
  ASKED_FOR_GONE: 'The person it was asked for is no longer here.',
  ALREADY_AUTHORISED: 'It was let happen once already.',
  DIGEST_CHANGED: 'What is shown here is not what was halted.',
  ALREADY_ASKED: 'Somebody has asked: it waits for its second person.',
  NOT_OPEN: 'It was signed or taken back.',
  SAME_PERSON: 'You asked, so another person signs.',
  OTHER_ROLE: 'The second signature is under the other of the two roles, which you do not hold.',
  ASKER_GONE: 'Who asked has left or could not ask any more. Take it back, and somebody asks anew.',
};

/** Why a person can have no part in letting a halted action happen; without a reason its row of the ledger cannot be read yet. */
export const whyNotHappen = (refusal: AskAuthorisationRefusal | SignAuthorisationRefusal | null): string =>
  refusal === null ? 'Its row of the ledger cannot be shown whole now, so nobody can sign it.' : happenRefusals[refusal];
