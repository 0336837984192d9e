import Link from 'next/link';
import { Table, type Column } from '@/components/ui/table';
import { link } from '@/components/ui/link';
import type { CriterionView } from '@/lib/maturity/schema';
import { stageTexts } from '@/lib/maturity/schema';
import { measuredText, targetText } from './words';

const columns: readonly Column<CriterionView>[] = [
  {
    key: 'criterion',
    title: 'Criterion',
    className: 'w-full',
    cell: ({ title, counts, sensor }) => (
      <>
        <span className="font-medium">{title}</span>
        <span className="block max-w-[72ch] text-ink-2">{sensor ?? counts}</span>
      </>
    ),
  },
  {
    key: 'state',
    title: 'Now',
    className: 'whitespace-nowrap md:min-w-36',
    cell: ({ met, sensor }) =>
      sensor !== null ? (
        <span className="text-ink-2">◌ sensor to come</span>
      ) : met ? (
        <span className="text-live">● met</span>
      ) : (
        <span className="text-danger">✕ not met</span>
      ),
  },
  {
    key: 'value',
    title: 'Value',
    align: 'right',
    className: 'tabular whitespace-nowrap md:min-w-36',
    cell: (row) =>
      row.sensor !== null ? (
        '–'
      ) : (
        <Link href={row.evidence} className={link}>
          {measuredText(row)}
        </Link>
      ),
  },
  {
    key: 'target',
    title: 'Target',
    align: 'right',
    hide: 'phone',
    className: 'tabular whitespace-nowrap md:min-w-32',
    cell: (row) => (row.sensor === null ? targetText(row) : '–'),
  },
];

/** Criteria is every criterion of every stage with what it reads now and where its records are. */
export function Criteria({ criteria }: { criteria: readonly CriterionView[] }) {
  return (
    <section aria-label="Criteria" className="mb-6">
      <h2 className="mb-1">Criteria</h2>
      <p className="mb-2 max-w-[72ch] text-sm text-ink-2">
        A stage is reached when all of its criteria hold, and all of those below. What has no records counts as not met; what this version
        has no sensor for is left out.
      </p>
      {([2, 3, 4] as const).map((stage) => (
        <div key={stage} className="mb-4 break-inside-avoid">
          <h3 className="mb-1">
            Stage {stage}, {stageTexts[stage].word}
          </h3>
          <Table
            caption={`Criteria of stage ${stage}`}
            columns={columns}
            rows={criteria.filter((row) => row.stage === stage)}
            keyOf={({ id }) => id}
          />
        </div>
      ))}
    </section>
  );
}
