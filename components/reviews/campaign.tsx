import Link from 'next/link';
import { Day } from '@/components/text/day';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { link } from '@/components/ui/link';
import { Table, type Column } from '@/components/ui/table';
import { Tabs } from '@/components/ui/tabs';
import type { CampaignQuery, CampaignView, ItemRow } from '@/lib/reviews/reading/schema';
import { campaignHref, itemHref } from './address';
import { GiveReviewButton } from './give';
import { Progress } from './progress';
import { changeWords } from './words';

const none = 'none';

function columns(today: string, gives: boolean): Column<ItemRow>[] {
  const shared: Column<ItemRow>[] = [
    {
      key: 'subject',
      title: 'Reviewed',
      cell: ({ id, subject, reviewer }) => (
        <>
          <Link href={itemHref(id)} prefetch={false} className="font-medium after:absolute after:inset-0">
            <Verbatim text={subject.name} />
          </Link>
          <span className="block text-xs text-ink-2 md:hidden">{reviewer?.name ?? 'No reviewer'}</span>
        </>
      ),
    },
    { key: 'process', title: 'Process', hide: 'tablet', cell: ({ process }) => process?.name ?? '–' },
    { key: 'reviewer', title: 'Reviewer', hide: 'phone', cell: (row) => <Reviewer row={row} /> },
    { key: 'state', title: 'What came of it', cell: (row) => <State row={row} today={today} /> },
  ];
  if (!gives) return shared;
  const give: Column<ItemRow> = {
    key: 'give',
    title: <span className="sr-only">Give to another</span>,
    align: 'right',
    hide: 'phone',
    className: 'w-px',
    cell: ({ id, status, subject }) => (status === 'open' ? <GiveReviewButton id={id} name={subject.name} /> : null),
  };
  return [...shared, give];
}

function Reviewer({ row: { reviewer, escalatedTo, status } }: { row: ItemRow }) {
  return (
    <>
      {reviewer?.name ?? (status === 'open' ? <span className="text-danger">Nobody can review it</span> : '–')}
      {escalatedTo && status === 'open' ? (
        <span className="block text-xs text-ink-2">and {escalatedTo.name}, since it is overdue</span>
      ) : null}
    </>
  );
}

function State({ row, today }: { row: ItemRow; today: string }) {
  if (row.status === 'void') return <span className="text-ink-2">Ended before it was reviewed</span>;
  if (row.status === 'open')
    return (
      <>
        {row.overdue ? <span className="font-medium text-danger">Overdue since </span> : 'Open until '}
        <Day on={row.dueOn} today={today} />
      </>
    );
  return (
    <>
      {changeWords(row)}
      <span className="block text-xs text-ink-2">
        {row.decidedBy?.name ?? ''} {row.decidedAt === null ? null : <Ago at={row.decidedAt} />}
      </span>
    </>
  );
}

type Props = { view: CampaignView; query: CampaignQuery; gives: boolean };

/** CampaignItems is a campaign's items, by state and process, with progress where it is made. */
export function CampaignItems({ view: { campaign, items, next, today, processes }, query, gives }: Props) {
  return (
    <>
      {processes.length > 1 ? <Processes view={processes} query={query} id={campaign.id} /> : null}
      <States campaign={campaign} processes={processes} query={query} />
      {items.length === 0 ? (
        <p className="py-6 text-ink-2">Nothing of this review is in that state.</p>
      ) : (
        <Table
          caption={`Items of ${campaign.title}, open ones first`}
          columns={columns(today, gives)}
          rows={items}
          keyOf={(row) => row.id}
        />
      )}
      {next === null ? null : (
        <p className="py-4 text-sm">
          <Link href={campaignHref(campaign.id, { ...query, after: next })} className={link}>
            Show the next
          </Link>
        </p>
      )}
    </>
  );
}

const states = [
  ['all', 'All', 'total'],
  ['open', 'Open', 'open'],
  ['overdue', 'Overdue', 'overdue'],
  ['decided', 'Decided', 'decided'],
  ['void', 'Ended', 'voided'],
] as const;

function States({ campaign, processes, query }: Pick<CampaignView, 'campaign' | 'processes'> & { query: CampaignQuery }) {
  const chosen = processes.find(({ process }) => (process?.id ?? none) === query.process);
  return (
    <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-1">
      <Tabs
        label="Items by state"
        tabs={states.map(([state, label, count]) => ({
          href: campaignHref(campaign.id, { state, process: query.process }),
          label,
          count: query.process === undefined ? campaign[count] : undefined,
          active: query.state === state,
        }))}
      />
      {query.process === undefined ? null : (
        <p className="text-sm">
          Only {chosen?.process?.name ?? 'what belongs to no process'} ·{' '}
          <Link href={campaignHref(campaign.id, { state: query.state })} className={link}>
            show all
          </Link>
        </p>
      )}
    </div>
  );
}

type ProcessRow = CampaignView['processes'][number];

const processColumns = (id: string, query: CampaignQuery): Column<ProcessRow>[] => [
  {
    key: 'process',
    title: 'Process',
    cell: ({ process }) => (
      <Link
        href={campaignHref(id, { state: query.state, process: process?.id ?? none })}
        prefetch={false}
        className="font-medium after:absolute after:inset-0"
      >
        {process?.name ?? 'No process'}
      </Link>
    ),
  },
  { key: 'progress', title: 'Decided', cell: (row) => <Progress {...row} /> },
  {
    key: 'overdue',
    title: 'Overdue',
    align: 'right',
    cell: ({ overdue }) => <span className={overdue > 0 ? 'font-semibold text-danger' : 'text-ink-2'}>{overdue}</span>,
  },
];

function Processes({ view, query, id }: { view: readonly ProcessRow[]; query: CampaignQuery; id: string }) {
  return (
    <section aria-labelledby="by-process" className="mb-6 max-w-[720px]">
      <h2 id="by-process" className="mb-1 text-base font-semibold">
        By process
      </h2>
      <Table
        caption="Progress of each process"
        columns={processColumns(id, query)}
        rows={view}
        keyOf={({ process }) => process?.id ?? none}
      />
    </section>
  );
}
