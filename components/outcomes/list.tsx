'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { TierMark } from '@/components/text/verdict';
import { Button } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { Empty, Page } from '@/components/ui/page';
import { Select, type Option } from '@/components/ui/select';
import { Table, type Column } from '@/components/ui/table';
import { Tabs } from '@/components/ui/tabs';
import { outcomeDueMinutes, type OutcomeItem, type OutcomePage, type OutcomeQuery } from '@/lib/outcomes/schema';
import { outcomesQuery } from './address';
import { Completeness, rangeWords } from './completeness';
import { useOutcomes } from './queries';
import { SettleButton } from './settle';

type Named = { id: string; name: string };
type Props = { view: OutcomeQuery; initial: OutcomePage; options: { agents: readonly Named[]; processes: readonly Named[] } };

const any = 'any';

/** Outcomes shows how completely agents reported what they did, what is missing, and what somebody has to settle. */
export function Outcomes({ view, initial, options }: Props) {
  const query = useOutcomes(view, initial);
  const counts = query.data.pages[0]?.counts ?? initial.counts;
  const items = query.data.pages.flatMap((page) => page.items);
  const href = (change: Partial<OutcomeQuery>) => `/outcomes${outcomesQuery({ ...view, ...change })}`;
  return (
    <Page
      title="Outcomes"
      intro={`What allowed actions really did, as their agents reported it. An action without a report counts as missing ${outcomeDueMinutes} minutes after it was allowed.`}
    >
      <Filters view={view} options={options} href={href} />
      <Completeness counts={counts} range={view.range} />
      <div className="mb-2">
        <Tabs
          label="Outcomes to look after"
          tabs={[
            { href: href({ list: 'missing' }), label: 'Missing', count: counts.missing, active: view.list === 'missing' },
            { href: href({ list: 'ambiguous' }), label: 'In doubt', count: counts.ambiguous, active: view.list === 'ambiguous' },
          ]}
        />
      </div>
      {items.length === 0 ? (
        <Nothing view={view} allowed={counts.allowed} href={href} />
      ) : (
        <>
          <p className="mb-2 max-w-[72ch] text-sm text-ink-2">
            {view.list === 'missing'
              ? 'Their agents were allowed to act and never said what came of it. Whoever runs the agent makes it report; nobody can do that for it.'
              : 'Their agents tried and could not tell whether it worked. The same action is refused to the agent until its outcome is settled, however old it is.'}
          </p>
          <Table
            caption={
              view.list === 'missing' ? 'Allowed actions without an outcome, newest first' : 'Ambiguous outcomes, newest action first'
            }
            columns={columnsFor(view.list)}
            rows={items}
            keyOf={(item) => item.decision}
          />
          <div className="flex h-16 items-center justify-center text-sm text-ink-2">
            {query.hasNextPage ? (
              <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
                {query.isFetchingNextPage ? 'Reading…' : 'Show older'}
              </Button>
            ) : null}
            {query.isError ? <span className="ml-3 text-danger">The list could not be read again. What is shown may be old.</span> : null}
          </div>
        </>
      )}
    </Page>
  );
}

function columnsFor(list: OutcomeQuery['list']): Column<OutcomeItem>[] {
  const action: Column<OutcomeItem> = {
    key: 'action',
    title: 'Action',
    className: 'min-w-0',
    cell: (item) => (
      <>
        <Link
          href={`/ledger/${item.decision}`}
          prefetch={false}
          className="after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
        >
          <Verbatim text={item.sentence} className="line-clamp-2 font-medium" />
        </Link>
        <span className="block text-xs text-ink-2 md:hidden">
          {item.agent.name} · <Ago at={item.at} />
        </span>
      </>
    ),
  };
  const shared: Column<OutcomeItem>[] = [
    action,
    {
      key: 'amount',
      title: 'Amount',
      align: 'right',
      hide: 'tablet',
      className: 'tabular whitespace-nowrap',
      cell: (item) => item.amount ?? '',
    },
    { key: 'tier', title: 'Tier', hide: 'tablet', cell: (item) => <TierMark tier={item.tier} short /> },
    { key: 'agent', title: 'Agent', hide: 'phone', cell: (item) => item.agent.name },
    { key: 'process', title: 'Process', hide: 'tablet', cell: (item) => item.process?.name ?? '' },
    {
      key: 'at',
      title: 'Allowed',
      align: 'right',
      hide: 'phone',
      className: 'whitespace-nowrap text-ink-2',
      cell: (item) => <Ago at={item.at} />,
    },
  ];
  if (list === 'missing') return shared;
  return [
    ...shared,
    {
      key: 'settle',
      title: <span className="sr-only">Settle</span>,
      align: 'right',
      className: 'w-px',
      cell: (item) =>
        item.mine ? (
          <SettleButton decision={item.decision} sentence={item.sentence} />
        ) : (
          <span className="text-xs text-ink-2">Not yours to settle</span>
        ),
    },
  ];
}

type Address = (change: Partial<OutcomeQuery>) => string;

function Nothing({ view, allowed, href }: { view: OutcomeQuery; allowed: number; href: Address }) {
  if (view.list === 'ambiguous')
    return (
      <Empty
        title="Nothing is in doubt"
        action={
          <Link className={link} href={href({ list: 'missing' })}>
            See what is missing
          </Link>
        }
      >
        When an agent tried something and cannot tell whether it worked, it stands here until the agent finds out or a person settles it.
      </Empty>
    );
  if (allowed === 0)
    return (
      <Empty
        title={`Nothing was allowed in ${rangeWords[view.range]}`}
        action={
          <Link className={link} href="/ledger">
            See every decision
          </Link>
        }
      >
        Once agents are allowed to act, this page says how many of their actions have an outcome, and lists those that have none.
      </Empty>
    );
  return (
    <Empty
      title="Nothing is missing"
      action={
        <Link className={link} href="/ledger">
          See every decision
        </Link>
      }
    >
      Every action that was allowed in {rangeWords[view.range]} has its outcome, or is younger than {outcomeDueMinutes} minutes.
    </Empty>
  );
}

function Filters({ view, options, href }: { view: OutcomeQuery; options: Props['options']; href: Address }) {
  const router = useRouter();
  const go = (change: Partial<OutcomeQuery>) => router.push(href(change), { scroll: false });
  const ranges: Option[] = [
    { value: 'day', label: 'Last 24 hours' },
    { value: 'week', label: 'Last 7 days' },
    { value: 'month', label: 'Last 30 days' },
    { value: 'quarter', label: 'Last 90 days' },
  ];
  const offered = (list: readonly Named[], chosen: string | undefined): Option[] => [
    { value: any, label: 'Any' },
    ...list.map(({ id, name }) => ({ value: id, label: name })),
    // A value that came by URL stays visible even when it is not among the offered ones.
    ...(chosen === undefined || list.some(({ id }) => id === chosen) ? [] : [{ value: chosen, label: chosen }]),
  ];
  const chosen = (value: string) => (value === any ? undefined : value);
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2" role="group" aria-label="Filters">
      <Select
        label="Allowed in"
        value={view.range}
        options={ranges}
        onChange={(range) => go({ range: ranges.some(({ value }) => value === range) ? (range as OutcomeQuery['range']) : view.range })}
      />
      <Select
        label="Agent"
        value={view.agent ?? any}
        options={offered(options.agents, view.agent)}
        onChange={(value) => go({ agent: chosen(value) })}
      />
      <Select
        label="Process"
        value={view.process ?? any}
        options={offered(options.processes, view.process)}
        onChange={(value) => go({ process: chosen(value) })}
      />
      {view.agent === undefined && view.process === undefined ? null : (
        <Button tone="quiet" onClick={() => go({ agent: undefined, process: undefined })}>
          Clear
        </Button>
      )}
    </div>
  );
}
