import type { OutcomeQuery } from '@/lib/outcomes/schema';

type View = Pick<OutcomeQuery, 'list' | 'range' | 'agent' | 'process'>;

/** outcomesQuery writes a view of the page as the query of its address, without what goes without saying. */
export function outcomesQuery({ list, range, agent, process }: View): string {
  const query = new URLSearchParams();
  if (list !== 'missing') query.set('list', list);
  if (range !== 'week') query.set('range', range);
  if (agent !== undefined) query.set('agent', agent);
  if (process !== undefined) query.set('process', process);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
