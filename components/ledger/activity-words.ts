import { duration } from '@/components/text/duration';
import { decimalUnits, formatUnits, groupThousands } from '@/lib/kernel/money';
import type { Activity } from '@/lib/check/reading/schema';

/** countWord writes a count for people: `1,164`. */
export const countWord = (count: number): string => groupThousands(String(count));

/** moneyWord writes an amount of the base currency; null when it is nothing. */
export function moneyWord(amount: string, currency: string): string | null {
  const units = decimalUnits(amount);
  if (units === null || units === 0n) return null;
  // Rounded to cents for reading; the rows hold it exactly.
  return `${groupThousands(Number(formatUnits(units, 2)).toFixed(2))} ${currency}`;
}

const span: Record<number, string> = { 1: 'the last 24 hours', 7: 'the last 7 days', 30: 'the last 30 days', 90: 'the last 90 days' };
const things = (count: number): string => (count === 1 ? '1 thing' : `${countWord(count)} things`);
const list = new Intl.ListFormat('en', { type: 'conjunction' });

/** activitySentences says what an agent, or a process's agents, did: what went alone, what waited for whom and how long; then what it moved and cost. */
export function activitySentences(activity: Activity, who: string): string[] {
  return [
    `In ${span[activity.days] ?? `the last ${activity.days} days`} ${who} ${didAlone(activity)}${waited(activity)}${stopped(activity)}`,
    moved(activity),
  ].filter((sentence) => sentence !== '');
}

function didAlone({ total }: Activity): string {
  const alone = total.alone === 0 ? 'did nothing alone' : `did ${things(total.alone)} alone`;
  return total.supervised === 0 ? alone : `${alone} and ${countWord(total.supervised)} under supervision`;
}

function waited({ total }: Activity): string {
  if (total.asked === 0) return '; nothing waited for a person';
  if (total.waiting === total.asked) return `; ${total.asked === 1 ? '1 waits' : `${countWord(total.asked)} wait`} for a person`;
  const came = [
    [total.approved, 'approved'],
    [total.rejected, 'rejected'],
    [total.expired, 'refused because nobody decided in time'],
    [total.cancelled, 'cancelled'],
    [total.waiting, 'still waiting'],
  ] as const;
  const parts = came.flatMap(([count, word]) => (count === 0 ? [] : [`${countWord(count)} ${word}`]));
  const time = total.secondsMedian === null ? '' : `, median ${duration(total.secondsMedian)}`;
  return `; ${countWord(total.asked)} waited for a person: ${list.format(parts)}${time}`;
}

function stopped({ total }: Activity): string {
  if (total.halted + total.denied === 0) return '. Nothing was halted or denied.';
  const parts = [
    ...(total.halted === 0 ? [] : [`${countWord(total.halted)} halted`]),
    ...(total.denied === 0 ? [] : [`${countWord(total.denied)} denied`]),
  ];
  return `. ${list.format(parts).replace(/^(1|[\d,]+)/, (count) => `${count} ${count === '1' ? 'was' : 'were'}`)}.`;
}

function moved({ total, outcomes, currency }: Activity): string {
  const amounts = [
    [total.moneyAlone, 'alone'],
    [total.moneySupervised, 'under supervision'],
    [total.moneySigned, 'with a signature'],
  ] as const;
  const parts = amounts.flatMap(([amount, how]) => {
    const money = moneyWord(amount, currency);
    return money === null ? [] : [`${money} ${how}`];
  });
  const money = parts.length === 0 ? 'No money was moved' : `Money moved: ${list.format(parts)}`;
  const all = outcomes.reported + outcomes.missing;
  if (all === 0) return `${money}.`;
  const cost = outcomes.costed === 0 ? '' : ` and cost ${costWord(outcomes.costUsd)}`;
  const tokens = outcomes.tokens === '0' ? '' : `; what it reported took ${groupThousands(outcomes.tokens)} tokens${cost}`;
  return `${money}. What came of it was reported for ${countWord(outcomes.reported)} of ${countWord(all)}${tokens === '' && cost !== '' ? `; that${cost.replace(' and', '')}` : tokens}.`;
}

/** costWord writes what a model cost, to the cent or, below one, to what matters. */
export function costWord(usd: string): string {
  const value = Number(usd);
  return `${value > 0 && value < 0.01 ? value.toPrecision(2) : groupThousands(value.toFixed(2))} USD`;
}
