import Link from 'next/link';
import type { ReactNode } from 'react';
import { Verbatim } from '@/components/text/verbatim';
import { classNames } from '@/components/ui/class-names';
import { link } from '@/components/ui/link';
import { Table, type Column } from '@/components/ui/table';
import type { ActionActivity, Activity } from '@/lib/check/reading/schema';
import type { ActivityLinks } from './activity-links';
import { countWord, moneyWord } from './activity-words';

/** Count is a number that leads to its rows; nothing where there is none. */
export function Count({ count, href }: { count: number; href: string }) {
  if (count === 0) return <span className="text-ink-2">–</span>;
  return (
    <Link href={href} prefetch={false} className={classNames('tabular', link)}>
      {countWord(count)}
    </Link>
  );
}

type Row = ActionActivity;

const counted = (
  key: string,
  title: ReactNode,
  count: (row: Row) => number,
  href: (row: Row) => string,
  hide?: 'phone' | 'tablet',
): Column<Row> => ({
  key,
  title,
  align: 'right',
  ...(hide === undefined ? {} : { hide }),
  cell: (row) => <Count count={count(row)} href={href(row)} />,
});

const columnsOf = (currency: string, links: ActivityLinks): Column<Row>[] => [
  { key: 'action', title: 'Action type', cell: (row) => <ActionName row={row} />, className: 'w-full max-w-0 min-w-32' },
  counted(
    'alone',
    'Alone',
    (row) => row.alone,
    (row) => links.ledger({ action: row.action, verdict: 'allow', signature: 'without' }),
  ),
  counted(
    'supervised',
    'Supervised',
    (row) => row.supervised,
    (row) => links.ledger({ action: row.action, verdict: 'allow_reversible', signature: 'without' }),
  ),
  counted(
    'asked',
    'Asked',
    (row) => row.asked,
    (row) => links.ledger({ action: row.action, verdict: 'approval_required' }),
  ),
  counted(
    'approved',
    'Approved',
    (row) => row.approved,
    (row) => links.decided({ action: row.action, outcome: 'approved' }),
    'phone',
  ),
  counted(
    'rejected',
    'Rejected',
    (row) => row.rejected,
    (row) => links.decided({ action: row.action, outcome: 'rejected' }),
    'phone',
  ),
  counted(
    'expired',
    'Expired',
    (row) => row.expired,
    (row) => links.decided({ action: row.action, outcome: 'expired' }),
    'tablet',
  ),
  counted(
    'stopped',
    'Halted',
    (row) => row.halted,
    (row) => links.ledger({ action: row.action, verdict: 'halt' }),
    'tablet',
  ),
  counted(
    'denied',
    'Denied',
    (row) => row.denied,
    (row) => links.ledger({ action: row.action, verdict: 'deny' }),
    'tablet',
  ),
  {
    key: 'moneyAlone',
    title: 'Money, unsigned',
    align: 'right',
    hide: 'tablet',
    cell: (row) => <Moved row={row} currency={currency} signed={false} />,
  },
  { key: 'moneySigned', title: 'Signed', align: 'right', hide: 'tablet', cell: (row) => <Moved row={row} currency={currency} signed /> },
];

/** Actions is one row for each action type: how often it went alone, supervised or asked, how that ended, and the money it moved. */
export function Actions({ activity, links }: { activity: Activity; links: ActivityLinks }) {
  const columns = columnsOf(activity.currency, links);
  return <Table caption="What was done, by action" columns={columns} rows={activity.actions} keyOf={(row) => row.action} />;
}

function ActionName({ row }: { row: Row }) {
  return (
    <div className="min-w-0">
      <span className="block truncate font-medium" title={row.action}>
        <Verbatim text={row.title} className="whitespace-nowrap" />
      </span>
      {row.example === null || row.example.sentence === row.title ? null : (
        <Link
          href={`/ledger/${row.example.decisionId}`}
          prefetch={false}
          className="block truncate text-xs text-ink-2 underline-offset-2 hover:text-ink hover:underline"
        >
          <Verbatim text={row.example.sentence} className="whitespace-nowrap" />
        </Link>
      )}
    </div>
  );
}

function Moved({ row, currency, signed }: { row: Row; currency: string; signed: boolean }) {
  const amounts = signed ? [row.moneySigned] : [row.moneyAlone, row.moneySupervised];
  const words = amounts.map((amount) => moneyWord(amount, currency));
  const [first, second] = words;
  if (words.every((word) => word === null)) return <span className="text-ink-2">–</span>;
  return (
    <span className="tabular whitespace-nowrap">
      {first ?? second}
      {first && second ? <span className="block text-xs text-ink-2">{second} supervised</span> : null}
    </span>
  );
}
