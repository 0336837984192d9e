import { breakerSentences } from '@/lib/policy/domain/breaker-words';
import { durationWords, ladderSentence, selectorSubject } from '@/lib/policy/domain/sentences';
import type { Policy, Selector } from '@/lib/policy/schema';

/** PolicyNames is what the pages know by name: titles of action types, and the one process or agent a policy is for. */
export type PolicyNames = { titles: ReadonlyMap<string, string>; holder: string | null };

/** holderWords says for whom a policy is: `the organisation`, `the process Accounts payable`, `the agent Invoice agent`. */
export function holderWords(selector: Selector, name: string | null): string {
  if (selector.level === 'organisation') return 'the organisation';
  if (selector.level === 'process') return `the process ${name ?? selector.process}`;
  return `the agent ${name ?? selector.agent}`;
}

/** policySentences says everything a policy asks, one sentence a rule. */
export function policySentences(policy: Policy, names: PolicyNames): string[] {
  const subject = selectorSubject(policy.selector.actions, names.titles);
  const sentences = policy.ladders.map((ladder) => ladderSentence(subject, ladder));
  if (policy.triggers !== undefined) sentences.push(triggerSentence(policy.triggers));
  if (policy.approval !== undefined)
    sentences.push(`Whoever has to approve has ${durationWords(policy.approval.slaSeconds)}; then the request is refused.`);
  if (policy.reversal !== undefined)
    sentences.push(`What is supervised can be undone for ${durationWords(policy.reversal.windowSeconds)}, as far as the action allows it.`);
  if (policy.breaker !== undefined) sentences.push(...breakerSentences(policy.breaker));
  return sentences;
}

const OTHERWISE = { deny: 'is denied', 2: 'is supervised', 3: 'needs approval', 4: 'is halted until a senior person decides' } as const;

/** triggerSentence says what may start the agent. */
export function triggerSentence({ allowed, otherwise }: NonNullable<Policy['triggers']>): string {
  return `Started by anything but ${allowed.join(', ')}, an action ${OTHERWISE[otherwise]}.`;
}

/** kindWords says what kind of policy it is, and what that means. */
export const KIND_WORDS = {
  default: { word: 'Default', meaning: 'A more specific default replaces it.' },
  guardrail: { word: 'Guardrail', meaning: 'Always applies; nothing loosens it.' },
} as const;
