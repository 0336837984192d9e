import type { KillImpact, KillScope, KillView } from '@/lib/containment/schema';

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
export const impactParts = ({ agents, waiting, approved, grants }: KillImpact): string[] => [
  ...counted(agents, 'active agent', 'active agents'),
  ...counted(waiting, 'request that waits for a person', 'requests that wait for a person'),
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
