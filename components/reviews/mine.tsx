import Link from 'next/link';
import { Day } from '@/components/text/day';
import { Verbatim } from '@/components/text/verbatim';
import { Empty } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import type { ItemRow, ReviewsPage } from '@/lib/reviews/reading/schema';
import { itemHref } from './address';

const columns = (today: string): Column<ItemRow>[] => [
  {
    key: 'subject',
    title: 'To review',
    cell: ({ id, subject, process }) => (
      <>
        <Link href={itemHref(id)} prefetch={false} className="font-medium after:absolute after:inset-0">
          <Verbatim text={subject.name} />
        </Link>
        <span className="block text-xs text-ink-2 md:hidden">{subject.type === 'policy' ? 'Policy' : (process?.name ?? '')}</span>
      </>
    ),
  },
  {
    key: 'process',
    title: 'Process',
    hide: 'phone',
    cell: ({ process, subject }) => process?.name ?? (subject.type === 'policy' ? 'A policy' : ''),
  },
  { key: 'campaign', title: 'Review', hide: 'tablet', cell: ({ campaign }) => campaign.name },
  {
    key: 'due',
    title: 'Due',
    align: 'right',
    cell: ({ dueOn, overdue }) => (
      <>
        <Day on={dueOn} today={today} />
        {overdue ? <span className="block text-xs text-danger">overdue</span> : null}
      </>
    ),
  },
];

/** MyReviews is what a person is to review, the soonest due first. */
export function MyReviews({ mine, today }: Pick<ReviewsPage, 'mine' | 'today'>) {
  if (mine.total === 0)
    return (
      <Empty title="Nothing waits for you">
        Agents are reviewed by who answers for them, and policies by risk officers who did not write them. What is yours to review stands
        here 30 days before it is due.
      </Empty>
    );
  return (
    <>
      <Table caption="Open reviews of yours, the soonest due first" columns={columns(today)} rows={mine.items} keyOf={(row) => row.id} />
      {mine.total > mine.items.length ? (
        <p className="mt-2 text-sm text-ink-2">
          The first {mine.items.length} of {mine.total}. The next come up as you decide these.
        </p>
      ) : null}
    </>
  );
}
