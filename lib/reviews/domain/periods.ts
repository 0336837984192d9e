import type { RiskCategory } from '@/lib/registry/schema';
import type { CadenceName, ReviewSubject } from '@/lib/reviews/schema';
import { addDays, lastDayOfMonth, weekOf } from './days';

export type Cadence = {
  name: CadenceName;
  subject: ReviewSubject;
  /** Agents of these; none for policies. In the order in which they are kept. */
  categories: readonly RiskCategory[];
  /** How long a period is; every year begins with a new one. */
  months: 3 | 6 | 12;
  title: string;
};

/** cadences is what is reviewed how often. What nobody assessed is treated as the worst. */
export const cadences: readonly Cadence[] = [
  {
    name: 'high',
    subject: 'agent',
    categories: ['high', 'prohibited', 'unassessed'],
    months: 3,
    title: 'Agents of high or unassessed risk',
  },
  { name: 'limited', subject: 'agent', categories: ['limited'], months: 6, title: 'Agents of limited risk' },
  { name: 'minimal', subject: 'agent', categories: ['minimal'], months: 12, title: 'Agents of minimal risk' },
  { name: 'policies', subject: 'policy', categories: [], months: 12, title: 'Policies' },
];

/** cadenceOf is how often agents of a risk category are reviewed. */
export function cadenceOf(category: RiskCategory): Cadence {
  const cadence = cadences.find(({ categories }) => categories.includes(category));
  if (!cadence) throw new Error(`nobody reviews agents of category ${category}`);
  return cadence;
}

/** How long before the end of its period a campaign begins; what is due at once has as long. */
export const openDays = 30;

export type Period = { name: string; endsOn: string };

/** periodOf is the quarter, half-year or year that a day lies in, and its last day. */
export function periodOf({ months }: Pick<Cadence, 'months'>, day: string): Period {
  const [year = 0, month = 1] = day.split('-').map(Number);
  const part = Math.ceil(month / months);
  const names = { 3: `${year}-Q${part}`, 6: `${year}-H${part}`, 12: `${year}` };
  return { name: names[months], endsOn: lastDayOfMonth(year, part * months) };
}

/** How a campaign comes about: at the end of its period, because an agent's own date fell due, or because a person began it. */
export type Occasion = 'period' | 'due' | 'begun';
export type Planned = { period: string; dueOn: string; opensOn: string; title: string };

/**
 * plan is the campaign that a cadence has on a day for an occasion; undefined: none yet. What falls due at once in the same week goes together, and is
 * due 30 days after it.
 */
export function plan(cadence: Cadence, occasion: Occasion, today: string): Planned | undefined {
  if (occasion === 'period') {
    const { name, endsOn } = periodOf(cadence, today);
    const opensOn = addDays(endsOn, -openDays);
    return today < opensOn ? undefined : { period: name, dueOn: endsOn, opensOn, title: `${cadence.title}, ${name}` };
  }
  if (occasion === 'begun')
    return { period: today, dueOn: addDays(today, openDays), opensOn: today, title: `${cadence.title}, begun ${today}` };
  // Policies have no date of their own.
  if (cadence.subject === 'policy') return undefined;
  const { name, endsOn } = weekOf(today);
  return { period: name, dueOn: addDays(endsOn, openDays), opensOn: endsOn, title: `${cadence.title}, due in ${name}` };
}

/** nextReviewOn is when something that was reviewed today is due again: at the end of the first period whose campaign has not begun. */
export function nextReviewOn(cadence: Cadence, today: string): string {
  const { endsOn } = periodOf(cadence, today);
  return today < addDays(endsOn, -openDays) ? endsOn : periodOf(cadence, addDays(endsOn, 1)).endsOn;
}
