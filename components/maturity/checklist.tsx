import Link from 'next/link';
import { link } from '@/components/ui/link';
import { Table, type Column } from '@/components/ui/table';
import type { PointView } from '@/lib/maturity/schema';

const states = {
  yes: { text: '● holds', tone: 'text-live' },
  no: { text: '✕ does not hold', tone: 'text-danger' },
  sensor: { text: '◌ sensor to come', tone: 'text-ink-2' },
} as const;

const columns: readonly Column<PointView>[] = [
  {
    key: 'title',
    title: 'Point',
    cell: (point) => (
      <>
        <span className="font-medium">{point.title}</span>
        <span className="block md:hidden">
          <Said point={point} />
        </span>
      </>
    ),
  },
  {
    key: 'state',
    title: 'Now',
    className: 'whitespace-nowrap',
    cell: ({ state }) => <span className={states[state].tone}>{states[state].text}</span>,
  },
  {
    key: 'value',
    title: 'What the records say',
    hide: 'phone',
    cell: (point) => <Said point={point} />,
  },
];

function Said({ point: { value, evidence } }: { point: PointView }) {
  if (evidence === null) return <span className="text-ink-2">{value}</span>;
  return (
    <Link href={evidence} className={link}>
      {value}
    </Link>
  );
}

/** Checklist is the twelve points with what the records answer. */
export function Checklist({ points }: { points: readonly PointView[] }) {
  return <Table caption="The twelve points" columns={columns} rows={points} keyOf={({ id }) => id} />;
}
