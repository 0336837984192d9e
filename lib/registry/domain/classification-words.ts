import { groupThousands } from '@/lib/kernel/money';
import type { Classification, LabelsFrom, Money, MoneyFrom, RecordsFrom } from '@/lib/registry/schema';

/** Said is one line of a classification in plain words. */
export type Said = { name: string; text: string };

const EFFECTS: Record<Classification['effect'], string> = {
  read: 'It reads and changes nothing.',
  write: 'It changes something.',
  delete: 'It deletes something.',
  send: 'It sends something to somebody.',
  execute: 'It carries something out.',
};

const REVERSIBILITIES: Record<Classification['reversibility'], string> = {
  reversible: 'It can be undone',
  compensable: 'It cannot be undone, only made good',
  irreversible: 'It cannot be undone.',
};

/** classificationWords says how each dimension of risk is read from the arguments, one line each. */
export function classificationWords(classification: Classification): Said[] {
  const { effect, money, records, sensitivity, audience, categories, regimes, counterparty } = classification;
  return [
    { name: 'Effect', text: EFFECTS[effect] },
    { name: 'Reversibility', text: undoingWords(classification) },
    { name: 'Money', text: money === undefined ? 'It moves no money.' : `Money is ${moneyWords(money)}.` },
    { name: 'Records', text: records === undefined ? 'Records are not counted.' : `Records are ${recordsWords(records)}.` },
    { name: 'Sensitivity', text: `Sensitivity is ${levelWords(sensitivity)}.` },
    { name: 'Audience', text: `The audience is ${levelWords(audience)}.` },
    { name: 'Data categories', text: labelsWords('Data categories', 'No data categories.', categories) },
    { name: 'Regimes', text: labelsWords('Regimes', 'No regimes.', regimes) },
    {
      name: 'Counterparty',
      text: counterparty === undefined ? 'Nobody in particular is paid or written to.' : `Who is paid or written to is at ${counterparty}.`,
    },
  ];
}

/** moneyWords follows "money is". */
export function moneyWords(from: MoneyFrom): string {
  if ('constant' in from) return `always ${amount(from.constant)}`;
  if ('declared' in from) return `as the agent declares it, at least ${amount(from.declared)}`;
  const currency = 'constant' in from.currency ? from.currency.constant : `the currency at ${from.currency.pointer}`;
  return 'sum' in from ? `the sum of ${from.sum} in ${currency}` : `read from ${from.pointer} in ${currency}`;
}

function recordsWords(from: RecordsFrom): string {
  if ('constant' in from) return `always ${groupThousands(String(from.constant))}`;
  if ('declared' in from) return `as the agent declares them, at least ${groupThousands(String(from.declared))}`;
  if ('count' in from) return `counted: the elements of ${from.count}`;
  return 'sum' in from ? `the sum of ${from.sum}` : `read from ${from.pointer}`;
}

function levelWords(from: { constant: string } | { declared: string } | { pointer: string }): string {
  if ('constant' in from) return `always ${from.constant}`;
  return 'declared' in from ? `as the agent declares it, at least ${from.declared}` : `read from ${from.pointer}`;
}

function labelsWords(name: string, none: string, from: LabelsFrom | undefined): string {
  if (from === undefined) return none;
  if ('pointer' in from) return `${name} are read from ${from.pointer}.`;
  const labels = 'constant' in from ? from.constant : from.declared;
  const list = labels.length === 0 ? 'none' : labels.join(', ');
  if ('constant' in from) return labels.length === 0 ? none : `${name} are always ${list}.`;
  return `${name} are as the agent declares them, at least ${list}.`;
}

const UNTIL = { settlement: 'settlement', posting: 'posting' } as const;

function undoingWords({ effect, reversibility, compensation, reversal }: Classification): string {
  if (effect === 'read') return 'A read leaves nothing to undo.';
  const words = REVERSIBILITIES[reversibility];
  if (reversibility === 'irreversible') return words;
  const by = compensation === undefined ? '' : ` by ${compensation.action}`;
  const window = reversal === undefined ? '' : ` for ${durationWords(reversal.windowSeconds)}`;
  const until = reversal?.until === undefined ? '' : `, at most until ${UNTIL[reversal.until]}`;
  return `${words}${by}${window}${until}.`;
}

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** durationWords writes whole seconds in the largest unit that divides them. */
export function durationWords(seconds: number): string {
  const [size, name] = UNITS.find(([unit]) => seconds >= unit && seconds % unit === 0) ?? [1, 'second'];
  const count = seconds / size;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

const amount = (money: Money): string => `${groupThousands(money.amount)} ${money.currency}`;
