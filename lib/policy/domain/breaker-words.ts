import { groupThousands } from '@/lib/kernel/money';
import type { BreakerPlan } from '@/lib/policy/domain/breaker';
import { durationWords } from '@/lib/policy/domain/sentences';
import { NEVER } from '@/lib/policy/schema';
import type { BreakerSection, BreakerShare, BreakerSpend } from '@/lib/policy/schema';

type Spend = Pick<BreakerSpend, 'amount' | 'currency' | 'atLeast' | 'withinSeconds'>;

const shareWords = ({ percent, atLeast, withinSeconds }: BreakerShare, of: string): string =>
  `${percent} % or more of at least ${groupThousands(String(atLeast))} ${of} within ${durationWords(withinSeconds)}`;

/** errorWords says from which share of outcomes that did not succeed a breaker opens: `50 % or more of at least 10 outcomes within 5 minutes`. */
export const errorWords = (limit: BreakerShare): string => shareWords(limit, 'outcomes');
/** refusalWords says from which share of refused checks a breaker opens. */
export const refusalWords = (limit: BreakerShare): string => shareWords(limit, 'checks');
/** spendWords says from which amount a breaker opens: `1,000,000 USD or more within 1 hour, over at least 5 checks`. */
export const spendWords = ({ amount, currency, atLeast, withinSeconds }: Spend): string =>
  `${groupThousands(amount)} ${currency} or more within ${durationWords(withinSeconds)}, over at least ${atLeast} check${atLeast === 1 ? '' : 's'}`;

/** BreakerLine is one part of a breaker's section, as a table or a list of changes shows it. */
export type BreakerLine = { key: keyof BreakerSection; label: string; value: string };

/** breakerLines says a section part by part. */
export function breakerLines({ errors, refusals, spend, pauseSeconds, probes }: BreakerSection): BreakerLine[] {
  const lines: BreakerLine[] = [];
  const add = (key: BreakerLine['key'], label: string, value: string) => lines.push({ key, label, value });
  if (errors !== undefined) add('errors', 'Breaker opens: not succeeded', errors === NEVER ? NEVER : errorWords(errors));
  if (refusals !== undefined) add('refusals', 'Breaker opens: refused', refusals === NEVER ? NEVER : refusalWords(refusals));
  if (spend !== undefined) add('spend', 'Breaker opens: spent', spend === NEVER ? NEVER : spendWords(spend));
  if (pauseSeconds !== undefined) add('pauseSeconds', 'Breaker stays open', `${durationWords(pauseSeconds)}, then twice as long each time`);
  if (probes !== undefined) add('probes', 'Probes before it closes', String(probes));
  return lines;
}

const OPENS = 'The circuit breaker opens';

/** breakerSentences says a section as a policy asks it, one sentence a part. */
export function breakerSentences({ errors, refusals, spend, pauseSeconds, probes }: BreakerSection): string[] {
  const sentences: string[] = [];
  if (errors === NEVER) sentences.push('No circuit breaker opens for outcomes that do not succeed.');
  else if (errors !== undefined) sentences.push(`${OPENS} when ${errorWords(errors)} did not succeed.`);
  if (refusals === NEVER) sentences.push('No circuit breaker opens for refusals.');
  else if (refusals !== undefined) sentences.push(`${OPENS} when ${refusalWords(refusals)} were refused.`);
  if (spend === NEVER) sentences.push('No circuit breaker opens for what is spent.');
  else if (spend !== undefined) sentences.push(`${OPENS} when ${spendWords(spend)}, went ahead.`);
  if (pauseSeconds !== undefined)
    sentences.push(`An open circuit breaker tries again after ${durationWords(pauseSeconds)}, and twice as long each time it opens again.`);
  if (probes !== undefined)
    sentences.push(`It then lets ${probes} ${probes === 1 ? 'action' : 'actions'} through before it is known whether it closes.`);
  return sentences;
}

/** breakerPlanSentence says in one line when the breaker of an action opens for an agent. */
export function breakerPlanSentence({ errors, refusals, spend, pauseSeconds }: BreakerPlan): string {
  const opens = [
    ...errors.map((limit) => `when ${errorWords(limit)} did not succeed`),
    ...refusals.map((limit) => `when ${refusalWords(limit)} were refused`),
    ...spend.map((limit) => `at ${spendWords(limit)}`),
  ];
  if (opens.length === 0) return 'Its circuit breaker never opens.';
  return `Its circuit breaker opens ${opens.join('; ')}; for ${durationWords(pauseSeconds)} at first.`;
}
