import { duration } from '@/components/text/duration';
import { Mark, type MarkLook } from '@/components/text/mark';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import type { JobRun, RunState } from '@/lib/jobs/schema';

const states: Record<RunState, MarkLook> = {
  running: { shape: '◷', word: 'Runs', colour: 'text-tier-2' },
  done: { shape: '✓', word: 'Done', colour: 'text-tier-1' },
  failed: { shape: '✕', word: 'Failed', colour: 'text-danger' },
  lost: { shape: '✕', word: 'Did not end', colour: 'text-danger' },
};

/** RunMark is what became of a run as shape and word. */
export const RunMark = ({ state }: { state: RunState }) => <Mark {...states[state]} />;

/** tookOf is how long a run took; empty while it has not ended. */
export const tookOf = ({ startedAt, endedAt }: JobRun): string =>
  endedAt === null ? '' : duration((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000);

/** changedOf is what a run changed, in words. */
export const changedOf = ({ changed }: JobRun): string =>
  changed === null ? '' : changed === 0 ? 'changed nothing' : `changed ${changed.toLocaleString('en')}`;

/** WhyFailed is the error of a run, or that its process died. */
export function WhyFailed({ run }: { run: JobRun }) {
  if (run.state === 'lost') return <>It never said that it ended: its process was killed or lost.</>;
  return run.error === null ? null : <Verbatim text={run.error} />;
}

/** Failure is when a job last failed and why, in one cell. */
export function Failure({ run }: { run: JobRun | null }) {
  if (run === null) return <span className="text-ink-2">none kept</span>;
  return (
    <span className="block max-w-[44ch]">
      <Ago at={run.startedAt} className="text-ink-2" />
      <span className="line-clamp-2 break-words">
        <WhyFailed run={run} />
      </span>
    </span>
  );
}
