import Link from 'next/link';
import { Table, type Column } from '@/components/ui/table';
import type { MaturityView, PartView } from '@/lib/maturity/schema';
import { stageTexts } from '@/lib/maturity/schema';
import { maturityHref } from './address';

/** Parts is the stage of each process of the organisation, or of each agent of a process. */
export function Parts({ view }: { view: Pick<MaturityView, 'scope' | 'parts' | 'partsTotal'> }) {
  if (view.scope.type === 'agent') return null;
  const what = view.scope.type === 'organisation' ? 'Processes' : 'Agents';
  return (
    <section aria-label={what} className="mb-6">
      <h2 className="mb-1">{what}</h2>
      {view.parts.length === 0 ? (
        <p className="text-ink-2">
          {view.scope.type === 'organisation' ? 'There is no process yet.' : 'No agent of this process is in service.'}
        </p>
      ) : (
        <Table<PartView>
          caption={`The stage of each of ${what.toLowerCase()}`}
          rows={view.parts}
          keyOf={({ id }) => id}
          columns={columnsFor(what)}
        />
      )}
      {view.partsTotal > view.parts.length ? (
        <p className="mt-2 text-sm text-ink-2">
          These are the {view.parts.length} of the lowest stage, of {view.partsTotal.toLocaleString('en')}.
        </p>
      ) : null}
    </section>
  );
}

function columnsFor(what: 'Processes' | 'Agents'): Column<PartView>[] {
  return [
    {
      key: 'name',
      title: what === 'Processes' ? 'Process' : 'Agent',
      cell: ({ id, type, name }) => (
        <Link href={maturityHref({ [type]: id })} className="font-medium after:absolute after:inset-0">
          {name}
        </Link>
      ),
    },
    { key: 'answers', title: 'Answers for it', hide: 'phone', cell: ({ answers }) => answers },
    { key: 'stage', title: 'Stage', className: 'whitespace-nowrap', cell: ({ stage }) => `${stage} ${stageTexts[stage].word}` },
    { key: 'missing', title: 'Missing for the next', align: 'right', className: 'tabular', cell: ({ missing }) => missing },
  ];
}
