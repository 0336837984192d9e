'use client';

import Link from 'next/link';
import { ProblemLine } from '@/components/live/problem';
import { duration } from '@/components/text/duration';
import { Section } from '@/components/text/facts';
import { useNow } from '@/components/text/now';
import { Ago, timeLeft } from '@/components/text/time';
import { Button } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { Notice, Page } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import type { JobsView, JobView, QueueView } from '@/lib/jobs/schema';
import { useAsk, useJobs } from './queries';
import { changedOf, Failure, RunMark, tookOf } from './state';

/** Jobs is every job with how it goes, and what is in the queues that wake them. */
export function Jobs({ initial }: { initial: JobsView }) {
  const { data, isError } = useJobs(initial);
  const ask = useAsk();
  return (
    <Page
      title="Jobs"
      intro="What Countersign does by itself. Each job looks up what is due in the database, so one that is late loses nothing, and one that runs twice changes nothing."
    >
      <div className="flex flex-col gap-3">
        {isError ? <Notice tone="warn">The page could not be read again. What is shown may be old.</Notice> : null}
        {data.away ? (
          <Notice tone="danger">
            The jobs process is away: no frequent job runs. Deadlines are kept all the same, since a late verdict is refused, but nobody is
            reminded and no list is swept. Start it again on the server; what you ask for here waits until then.
          </Notice>
        ) : null}
        <ProblemLine error={ask.error} />
      </div>
      <Table caption="Jobs" columns={columnsFor(ask)} rows={data.jobs} keyOf={({ id }) => id} />
      <div className="mt-6">
        <Section title="Queues" aside="they wake jobs and hold no truth">
          <Table caption="Queues" columns={queueColumns} rows={data.queues} keyOf={({ name }) => name} />
        </Section>
      </div>
    </Page>
  );
}

const columnsFor = (ask: ReturnType<typeof useAsk>): readonly Column<JobView>[] => [
  {
    key: 'job',
    title: 'Job',
    cell: (job) => (
      <>
        <Link href={`/jobs/${job.id}`} className={link} prefetch={false}>
          {job.id}
        </Link>
        <span className="block max-w-[52ch] text-ink-2">{job.does}</span>
        <span className="mt-0.5 block text-xs md:hidden">
          <LastRun job={job} />
        </span>
      </>
    ),
  },
  { key: 'every', title: 'Every', hide: 'phone', className: 'whitespace-nowrap', cell: ({ everyMs }) => duration(everyMs / 1_000) },
  { key: 'last', title: 'Last run', hide: 'phone', cell: (job) => <LastRun job={job} /> },
  { key: 'next', title: 'Next due', hide: 'tablet', className: 'whitespace-nowrap', cell: (job) => <Due job={job} /> },
  {
    key: 'failures',
    title: 'Failures in 24 h',
    align: 'right',
    hide: 'phone',
    cell: ({ id, failures }) =>
      failures === 0 ? (
        <span className="tabular">0</span>
      ) : (
        <Link
          href={`/jobs/${id}?failed=1`}
          className={`${link} tabular font-semibold`}
          prefetch={false}
          aria-label={`${failures} failures of ${id}`}
        >
          {failures}
        </Link>
      ),
  },
  { key: 'failure', title: 'Last failure', hide: 'tablet', cell: ({ lastFailure }) => <Failure run={lastFailure} /> },
  { key: 'ask', title: <span className="sr-only">Run it</span>, align: 'right', cell: (job) => <Ask job={job} ask={ask} /> },
];

function LastRun({ job: { last, stale } }: { job: JobView }) {
  if (last === null) return <span className="text-ink-2">has not run yet</span>;
  const told = [tookOf(last), changedOf(last)].filter((text) => text !== '');
  return (
    <span className="tabular">
      <RunMark state={last.state} /> <Ago at={last.startedAt} className="whitespace-nowrap text-ink-2" />
      {told.length === 0 ? null : <span className="block text-ink-2">{told.join(', ')}</span>}
      {stale ? (
        <span className="block font-medium text-danger" data-stale>
          Stale: nobody runs it
        </span>
      ) : null}
    </span>
  );
}

function Due({ job: { nextAt, asked } }: { job: JobView }) {
  const now = useNow();
  if (asked !== null) return <>asked for by {asked.by.name}</>;
  if (nextAt === null || now === null) return <span className="text-ink-2">at its next turn</span>;
  const left = Date.parse(nextAt) - now;
  return <span className="tabular">{left <= 0 ? 'now' : `in ${timeLeft(left)}`}</span>;
}

/** Run now, or Retry where the last run failed; while an ask waits there is nothing to ask. */
function Ask({ job, ask }: { job: JobView; ask: ReturnType<typeof useAsk> }) {
  const sending = ask.isPending && ask.variables === job.id;
  const failed = job.last?.state === 'failed' || job.last?.state === 'lost';
  const word = job.asked !== null ? 'Asked for' : failed ? 'Retry' : 'Run now';
  return (
    <Button disabled={sending || job.asked !== null} onClick={() => ask.mutate(job.id)} aria-label={`${word}: ${job.id}`}>
      {sending ? 'Asking…' : word}
    </Button>
  );
}

const count = (key: 'waiting' | 'active' | 'delayed' | 'failed', title: string, hide?: 'phone'): Column<QueueView> => ({
  key,
  title,
  align: 'right',
  ...(hide ? { hide } : {}),
  cell: ({ counts }) => <span className="tabular">{counts === null ? '–' : counts[key].toLocaleString('en')}</span>,
});

const queueColumns: readonly Column<QueueView>[] = [
  { key: 'name', title: 'Queue', cell: ({ name }) => <span className="font-medium">{name}</span> },
  {
    key: 'carriedBy',
    title: 'Carried by',
    cell: ({ carriedBy, counts }) => (
      <>
        {carriedBy}
        {counts === null ? <span className="block text-danger">does not answer</span> : null}
      </>
    ),
  },
  count('waiting', 'Waiting'),
  count('active', 'Running'),
  count('delayed', 'Scheduled', 'phone'),
  count('failed', 'Failed, kept', 'phone'),
];
