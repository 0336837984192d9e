import Link from 'next/link';
import { Verbatim } from '@/components/text/verbatim';
import { buttonLook } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { Empty, Notice } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import { actionSlug } from '@/lib/registry/schema';
import { CALLS_COUNTED_DAYS, type CatalogueFilter, type CataloguePage, type CatalogueRow } from '@/lib/registry/schema/catalogue';
import { catalogueHref, isNarrowed } from './address';
import { countText, StatusMark } from './status';

const none = <span className="text-ink-2">–</span>;

const columnsOf = (callsMax: number): Column<CatalogueRow>[] => [
  {
    key: 'title',
    title: 'Action type',
    cell: (row) => (
      <Link href={`/registry/actions/${actionSlug(row.name)}`} className="block min-w-0 after:absolute after:inset-0">
        <Verbatim text={row.title} className="font-medium md:whitespace-nowrap" />
        <code className="block text-xs break-all text-ink-2">{row.name}</code>
      </Link>
    ),
  },
  { key: 'system', title: 'System', hide: 'phone', cell: (row) => <Verbatim text={row.system.name} /> },
  { key: 'status', title: 'Status', cell: (row) => <StatusMark status={row.status} /> },
  { key: 'effect', title: 'Effect', hide: 'phone', cell: (row) => row.effect ?? none },
  {
    key: 'reversibility',
    title: 'Reversibility',
    hide: 'tablet',
    cell: (row) => (row.effect === 'read' ? none : (row.reversibility ?? none)),
  },
  { key: 'money', title: 'Money is', hide: 'tablet', className: 'min-w-44', cell: (row) => row.money ?? none },
  { key: 'agents', title: 'Agents', hide: 'tablet', className: 'min-w-44', cell: (row) => <Agents agents={row.agents} /> },
  {
    key: 'calls',
    title: `Calls, ${CALLS_COUNTED_DAYS} days`,
    align: 'right',
    hide: 'phone',
    cell: (row) => <span className="tabular">{countText(row.calls, callsMax)}</span>,
  },
];

function Agents({ agents }: { agents: CatalogueRow['agents'] }) {
  if (agents.count === 0) return none;
  const more = agents.count - agents.names.length;
  return (
    <span>
      <Verbatim text={agents.names.join(', ')} />
      {more > 0 ? <span className="text-ink-2"> and {more} more</span> : null}
    </span>
  );
}

/** Catalogue is the list of action types: those that wait for their classification first. */
export function Catalogue({ page, filter, mayClassify }: { page: CataloguePage; filter: CatalogueFilter; mayClassify: boolean }) {
  if (page.total === 0) return <Nothing narrowed={isNarrowed(filter)} mayClassify={mayClassify} />;
  return (
    <div className="flex flex-col gap-3">
      {page.unset > 0 && filter.status === undefined ? (
        <Notice tone="warn">
          {page.unset === 1 ? 'One action type is' : `${page.unset} action types are`} not classified, so out of everyone’s scope: an agent
          that asks for one halts.{' '}
          <Link href={catalogueHref({ ...filter, status: 'unset' })} className={link}>
            Show {page.unset === 1 ? 'it' : 'them'}
          </Link>
        </Notice>
      ) : null}
      <Table caption="Action types" columns={columnsOf(page.callsMax)} rows={page.rows} keyOf={(row) => row.name} />
      <p className="flex flex-wrap items-center gap-3 text-sm text-ink-2">
        <span className="tabular">
          {page.rows.length} of {page.total}
        </span>
        {page.next === null ? null : (
          <Link href={catalogueHref({ ...filter, after: page.next })} className={buttonLook()}>
            Show the next ones
          </Link>
        )}
      </p>
    </div>
  );
}

function Nothing({ narrowed, mayClassify }: { narrowed: boolean; mayClassify: boolean }) {
  if (narrowed)
    return (
      <Empty
        title="No action type matches"
        action={
          <Link href="/registry/actions" className={buttonLook()}>
            Show all of them
          </Link>
        }
      >
        Take a filter away to see more.
      </Empty>
    );
  return (
    <Empty
      title="No action types yet"
      action={
        mayClassify ? (
          <Link href="/registry/actions/new" className={buttonLook({ tone: 'primary' })}>
            Record an action type
          </Link>
        ) : undefined
      }
    >
      An action type is one operation of a system, such as scheduling a payment: what arguments it takes, and how its risk is read from
      them. An agent can only be permitted what is recorded here, and only what a person has classified is ever allowed.
    </Empty>
  );
}
