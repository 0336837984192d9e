'use client';

import { More } from '@/components/approvals/more';
import { duration } from '@/components/text/duration';
import { Ago } from '@/components/text/time';
import { Empty, Page } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import { Tabs } from '@/components/ui/tabs';
import type { JobRun, JobView, RunPage } from '@/lib/jobs/schema';
import { useRuns } from './queries';
import { changedOf, RunMark, tookOf, WhyFailed } from './state';

type Props = { job: JobView; initial: RunPage; failedOnly: boolean };

/** Runs is what is kept of the runs of one job, the newest first. */
export function Runs({ job, initial, failedOnly }: Props) {
  const query = useRuns(job.id, failedOnly, initial);
  const runs = query.data.pages.flatMap((page) => page.runs);
  const at = `/jobs/${job.id}`;
  return (
    <Page
      title={job.id}
      intro={`${job.does} Every ${duration(job.everyMs / 1_000)}. Of runs that changed nothing only the latest is kept; the others for 30 days.`}
      up={{ href: '/jobs', label: 'Jobs' }}
    >
      <div className="mb-3">
        <Tabs
          label="Runs"
          tabs={[
            { href: at, label: 'All kept', active: !failedOnly },
            { href: `${at}?failed=1`, label: 'Failed', active: failedOnly },
          ]}
        />
      </div>
      {runs.length === 0 ? (
        <Empty title={failedOnly ? 'No run failed' : 'It has not run yet'}>
          {failedOnly
            ? 'A run that failed, or whose process died, stands here with its error for 30 days.'
            : 'Each run stands here with when it began, how long it took and what it changed.'}
        </Empty>
      ) : (
        <Table caption={`Runs of ${job.id}`} columns={columns} rows={runs} keyOf={({ id }) => id} />
      )}
      <More query={query} />
    </Page>
  );
}

const columns: readonly Column<JobRun>[] = [
  { key: 'state', title: 'Ended as', cell: ({ state }) => <RunMark state={state} /> },
  { key: 'began', title: 'Began', className: 'whitespace-nowrap', cell: ({ startedAt }) => <Ago at={startedAt} /> },
  {
    key: 'took',
    title: 'Took',
    hide: 'phone',
    className: 'whitespace-nowrap',
    cell: (run) => <span className="tabular">{tookOf(run)}</span>,
  },
  {
    key: 'what',
    title: 'What came of it',
    cell: (run) => (
      <span className="block max-w-[72ch] break-words">
        {changedOf(run)}
        <WhyFailed run={run} />
        {run.askedBy === null ? null : <span className="block text-ink-2">asked for by {run.askedBy.name}</span>}
      </span>
    ),
  },
  {
    key: 'worker',
    title: 'Process',
    hide: 'phone',
    cell: ({ worker }) => <span className="font-mono text-[13px] text-ink-2">{worker}</span>,
  },
];
