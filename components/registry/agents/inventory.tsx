import { ArrowDown, ArrowUp } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Day } from '@/components/text/day';
import { TierMark } from '@/components/text/verdict';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { buttonLook } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { Table, type Column } from '@/components/ui/table';
import type { InventoryPage, InventoryQuery, InventoryRow } from '@/lib/registry/reading/schema';
import { agentHref, inventoryHref, turned } from './address';
import { credentialLabels, environmentLabels, floorWords, statusLabels } from './words';

type SortColumn = 'name' | 'status' | 'last_seen' | 'next_review';

/** Inventory is one page of the agents that match, and the way to the next. */
export function Inventory({ page, query, today }: { page: InventoryPage; query: InventoryQuery; today: string }) {
  const columns = columnsOf(query, today);
  return (
    <>
      <Table caption={`Agents, ${page.total} of ${page.all}`} columns={columns} rows={page.rows} keyOf={({ id }) => id} />
      <div className="flex flex-wrap items-center gap-3 py-3 text-sm text-ink-2">
        <span className="tabular">
          {page.total === page.all ? `${page.all} ${page.all === 1 ? 'agent' : 'agents'}` : `${page.total} of ${page.all} agents`}
          {page.rows.length < page.total ? `, ${page.rows.length} on this page` : ''}
        </span>
        <span className="flex-1" />
        {query.after === undefined ? null : (
          <Link className={buttonLook()} href={inventoryHref(query, {})}>
            First page
          </Link>
        )}
        {page.next === null ? null : (
          <Link className={buttonLook()} href={inventoryHref(query, { after: page.next })} rel="next">
            Next page
          </Link>
        )}
      </div>
    </>
  );
}

function columnsOf(query: InventoryQuery, today: string): Column<InventoryRow>[] {
  const title = (column: SortColumn, text: string): ReactNode => <SortLink query={query} column={column} text={text} />;
  return [
    {
      key: 'name',
      title: title('name', 'Agent'),
      className: 'max-w-80',
      cell: (row) => (
        <>
          <Link
            href={agentHref(row.id)}
            prefetch={false}
            className="font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          >
            <Verbatim text={row.name} />
          </Link>
          <span className="block truncate font-mono text-xs text-ink-2">{row.id}</span>
          <span className="block truncate text-xs text-ink-2 md:hidden">
            {row.owner.name} · {row.process.name}
          </span>
        </>
      ),
    },
    { key: 'status', title: title('status', 'State'), cell: (row) => <StatusWord status={row.status} /> },
    { key: 'process', title: 'Process', hide: 'phone', cell: (row) => <Verbatim text={row.process.name} /> },
    { key: 'owner', title: 'Owner', hide: 'phone', cell: (row) => <Verbatim text={row.owner.name} /> },
    {
      key: 'floor',
      title: 'Autonomy floor',
      hide: 'tablet',
      cell: ({ autonomyFloor }) => (
        <span title={floorWords[autonomyFloor]}>
          <TierMark tier={autonomyFloor} />
        </span>
      ),
    },
    { key: 'environment', title: 'Environment', hide: 'tablet', cell: ({ environment }) => environmentLabels[environment] },
    {
      key: 'seen',
      title: title('last_seen', 'Last heard'),
      hide: 'phone',
      cell: ({ lastSeenAt }) => (
        <span className="whitespace-nowrap text-ink-2">{lastSeenAt === null ? 'never' : <Ago at={lastSeenAt} />}</span>
      ),
    },
    {
      key: 'review',
      title: title('next_review', 'Next review'),
      hide: 'tablet',
      cell: ({ nextReviewOn }) => <Day on={nextReviewOn} today={today} />,
    },
    {
      key: 'credential',
      title: 'Credential',
      hide: 'phone',
      cell: ({ credential, status }) => (
        <span className={classNames(credential !== 'live' && status === 'active' && 'text-danger', 'whitespace-nowrap')}>
          {credentialLabels[credential]}
        </span>
      ),
    },
  ];
}

/** StatusWord is an agent's state; what keeps it from acting stands out. */
export function StatusWord({ status }: { status: InventoryRow['status'] }) {
  const look = {
    suspended: 'font-medium text-tier-3',
    rejected: 'font-medium text-tier-3',
    decommissioned: 'text-ink-2',
    draft: 'text-ink-2',
  } as const;
  return (
    <span className={classNames('whitespace-nowrap', status in look && look[status as keyof typeof look])}>{statusLabels[status]}</span>
  );
}

function SortLink({ query, column, text }: { query: InventoryQuery; column: SortColumn; text: string }) {
  const here = query.sort.replace('-', '') === column;
  const Arrow = query.sort.startsWith('-') ? ArrowDown : ArrowUp;
  return (
    <Link
      href={inventoryHref(query, { sort: turned(query.sort, column) })}
      scroll={false}
      className="inline-flex items-center gap-1 hover:text-ink"
    >
      {text}
      {here ? <Arrow size={12} aria-label={query.sort.startsWith('-') ? ', downwards' : ', upwards'} /> : null}
    </Link>
  );
}
