import Link from 'next/link';
import { Table, type Column } from '@/components/ui/table';
import type { ProcessItem } from '@/lib/raci/schema';

export type ListedProcess = ProcessItem & { waiting: number };

const columns: readonly Column<ListedProcess>[] = [
  {
    key: 'name',
    title: 'Process',
    cell: (row) => (
      <>
        <Link href={`/raci/${row.id}`} className="font-medium after:absolute after:inset-0">
          {row.name}
        </Link>
        {row.description === '' ? null : <span className="block max-w-[60ch] text-ink-2 max-md:hidden">{row.description}</span>}
      </>
    ),
  },
  {
    key: 'owner',
    title: 'Owner',
    cell: ({ owner }) => (owner.active ? owner.name : <span className="text-danger">{owner.name}, no longer here</span>),
  },
  { key: 'agents', title: 'Agents', align: 'right', hide: 'phone', cell: (row) => row.agents },
  { key: 'waiting', title: 'Waiting', align: 'right', hide: 'phone', cell: (row) => row.waiting },
  {
    key: 'gaps',
    title: 'Gaps',
    align: 'right',
    cell: (row) => (row.gaps === 0 ? '0' : <span className="font-semibold text-danger">{row.gaps}</span>),
  },
];

/** ProcessList is every process with who answers for it, and in red what its matrix lacks. */
export function ProcessList({ processes }: { processes: readonly ListedProcess[] }) {
  return <Table caption="Processes" columns={columns} rows={processes} keyOf={(row) => row.id} />;
}
