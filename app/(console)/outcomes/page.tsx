import type { Metadata } from 'next';
import { outcomesQuery } from '@/components/outcomes/address';
import { Outcomes } from '@/components/outcomes/list';
import { listOptions } from '@/lib/check/reading';
import { requirePermission } from '@/lib/http/actor';
import { readOutcomes } from '@/lib/outcomes/reading';
import { OutcomeFilter, OutcomeQuery } from '@/lib/outcomes/schema';

export const metadata: Metadata = { title: 'Outcomes' };

const Search = OutcomeFilter.extend({ list: OutcomeQuery.shape.list.default('missing') });
type Search = Promise<Record<string, string | string[] | undefined>>;

export default async function OutcomesPage({ searchParams }: { searchParams: Search }) {
  const person = await requirePermission('ledger:read');
  const parsed = Search.safeParse(await searchParams);
  const view: OutcomeQuery = parsed.success ? parsed.data : Search.parse({});
  const [initial, options] = await Promise.all([readOutcomes(person, view), listOptions()]);
  return <Outcomes key={outcomesQuery(view)} view={view} initial={initial} options={options} />;
}
