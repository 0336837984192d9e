import { classNames } from '@/components/ui/class-names';
import { completeness, formatShare } from '@/lib/outcomes/domain/completeness';
import { outcomeDueMinutes, type OutcomeCounts, type OutcomeRange } from '@/lib/outcomes/schema';

/** A range within a sentence. */
export const rangeWords: Record<OutcomeRange, string> = {
  day: 'the last 24 hours',
  week: 'the last 7 days',
  month: 'the last 30 days',
  quarter: 'the last 90 days',
};

const count = (value: number): string => value.toLocaleString('en');

/** Completeness is the share of allowed actions that have an outcome, with what it is a share of. Any gap is a failure, so only all of them look well. */
export function Completeness({ counts, range }: { counts: OutcomeCounts; range: OutcomeRange }) {
  const whole = completeness(counts);
  const young = counts.allowed - counts.reported - counts.missing;
  return (
    <section
      aria-label="Completeness"
      className="mb-5 rounded-md border border-line bg-raised px-4 py-3"
      data-completeness={whole?.share ?? 'none'}
    >
      {whole === null ? (
        <p className="text-ink-2">
          {counts.allowed === 0
            ? `Nothing was allowed in ${rangeWords[range]}, so there is nothing to report.`
            : `${count(counts.allowed)} allowed in ${rangeWords[range]}, none of them older than ${outcomeDueMinutes} minutes.`}
        </p>
      ) : (
        <>
          <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <strong className={classNames('tabular text-[28px] leading-9 font-semibold', whole.share < 1 && 'text-danger')}>
              {formatShare(whole.share)}
            </strong>
            <span>
              of {count(whole.n)} {whole.n === 1 ? 'action has its outcome' : 'actions have their outcome'}
            </span>
          </p>
          <p className="mt-1 text-sm text-ink-2">
            {count(counts.allowed)} allowed in {rangeWords[range]} · {count(counts.reported)} reported ·{' '}
            <span className={counts.missing > 0 ? 'text-danger' : ''}>{count(counts.missing)} missing</span>
            {young > 0 ? ` · ${count(young)} not due yet` : ''}
          </p>
        </>
      )}
    </section>
  );
}
