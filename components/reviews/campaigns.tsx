import Link from 'next/link';
import { Day } from '@/components/text/day';
import { classNames } from '@/components/ui/class-names';
import { Empty } from '@/components/ui/page';
import { link } from '@/components/ui/link';
import { Table, type Column } from '@/components/ui/table';
import type { CampaignRow, ReviewsPage } from '@/lib/reviews/reading/schema';
import { campaignHref } from './address';
import { Progress } from './progress';
import { counted, resultWords } from './words';

const columns = (today: string): Column<CampaignRow>[] => [
  {
    key: 'title',
    title: 'Review',
    cell: (row) => (
      <>
        <Link href={campaignHref(row.id)} prefetch={false} className="font-medium after:absolute after:inset-0">
          {row.title}
        </Link>
        <span className="block text-xs text-ink-2 md:hidden">
          <Changed row={row} />
        </span>
      </>
    ),
  },
  { key: 'progress', title: 'Decided', cell: (row) => <Progress {...row} /> },
  {
    key: 'overdue',
    title: 'Overdue',
    align: 'right',
    hide: 'phone',
    cell: ({ id, overdue }) =>
      overdue === 0 ? (
        <span className="text-ink-2">0</span>
      ) : (
        <Link
          href={campaignHref(id, { state: 'overdue' })}
          prefetch={false}
          className={classNames('relative z-10 font-semibold', link, 'text-danger')}
        >
          {overdue}
        </Link>
      ),
  },
  { key: 'changed', title: 'What it changed', hide: 'phone', cell: (row) => <Changed row={row} /> },
  {
    key: 'due',
    title: 'Due',
    align: 'right',
    hide: 'tablet',
    cell: ({ dueOn, open }) => <Day on={dueOn} today={open === 0 ? dueOn : today} />,
  },
];

/** Changed says what a campaign really changed; that people pressed buttons is not a result. */
export function Changed({ row }: { row: CampaignRow }) {
  const words = resultWords(row.results);
  if (words.length > 0) return words.join(' · ');
  return (
    <span className="text-ink-2">
      {row.decided === 0 ? 'Nothing yet' : `Nothing: ${counted(row.results.kept, 'kept as it is', 'kept as they are')}`}
    </span>
  );
}

/** Campaigns are the reviews that go on, the soonest due first, and then those that ended. */
export function Campaigns({ campaigns, next, today }: Pick<ReviewsPage, 'campaigns' | 'next' | 'today'>) {
  if (campaigns.length === 0)
    return (
      <Empty title="No review has begun yet">
        Agents of high risk, and those nobody assessed, are reviewed every quarter, those of limited risk every half-year, others and
        policies every year. A review begins by itself 30 days before its period ends, or once an agent’s own date has come.
      </Empty>
    );
  return (
    <>
      <Table caption="Reviews" columns={columns(today)} rows={campaigns} keyOf={(row) => row.id} />
      {next === null ? null : (
        <p className="py-4 text-sm">
          <Link href={`/reviews?after=${next}`} className={link}>
            Earlier reviews
          </Link>
        </p>
      )}
    </>
  );
}
