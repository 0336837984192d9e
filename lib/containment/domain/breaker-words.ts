import { groupThousands } from '@/lib/kernel/money';
import { durationWords } from '@/lib/policy/domain/sentences';
import type { BreakerCause, BreakerFacts } from '../schema';

/** observedWords says what opened a breaker: `13 of 20 outcomes did not succeed`. */
export function observedWords(cause: BreakerCause, { observed, of, currency, again }: BreakerFacts): string {
  if (cause === 'spend') return `${groupThousands(observed)} ${currency ?? ''} went ahead`.replace('  ', ' ');
  if (again === 'silent') return `nobody said in time what became of ${observed} of ${of} ${of === 1 ? 'probe' : 'probes'}`;
  const what = again === 'failed' ? ['probe', 'probes'] : cause === 'errors' ? ['outcome', 'outcomes'] : ['check', 'checks'];
  return `${observed} of ${of} ${of === 1 ? what[0] : what[1]} ${cause === 'errors' ? 'did not succeed' : 'were refused'}`;
}

/** thresholdWords says from where a breaker opens: `50 % within 5 minutes`. */
export function thresholdWords(cause: BreakerCause, { threshold, windowSeconds, currency }: BreakerFacts): string {
  const from = cause === 'spend' ? `${groupThousands(threshold)} ${currency ?? ''}`.trim() : `${threshold} %`;
  return `${from} within ${durationWords(windowSeconds)}`;
}

/** openSentence says to an agent, and to people, why nothing goes ahead while a breaker is open, and when it tries again. */
export const openSentence = (cause: BreakerCause, facts: BreakerFacts, probeAt: Date): string =>
  `The circuit breaker of this agent for this action is open: ${observedWords(cause, facts)}. It tries again at ${probeAt.toISOString()}.`;

/** spentSentence says why nothing more goes ahead while a breaker is half-open. */
export const spentSentence = (probes: number): string =>
  `The circuit breaker of this agent for this action is half-open, and ${probes === 1 ? 'the one action' : `the ${probes} actions`} it lets through went ahead. What they did decides whether it closes; report it.`;
