import type { Policy } from '@/lib/policy/schema';

/** Candidate is a policy that covers the action; higher `specificity` is more specific, equal is a tie. */
export type Candidate = { policy: Policy; specificity: number };

/** Supplied is what a policy with a say says. */
export type Supplied<Value> = { policy: Policy; value: Value };

/** supplied lets the most specific defaults that say anything, and every guardrail that does, have their say. */
export function supplied<Value>(candidates: readonly Candidate[], pick: (policy: Policy) => Value | undefined): Supplied<Value>[] {
  const speaking: (Supplied<Value> & { specificity: number })[] = [];
  let highest = -1;
  for (const { policy, specificity } of candidates) {
    const value = pick(policy);
    if (value === undefined) continue;
    speaking.push({ policy, value, specificity });
    if (policy.kind === 'default' && specificity > highest) highest = specificity;
  }
  return speaking.filter(({ policy, specificity }) => policy.kind === 'guardrail' || specificity === highest);
}
