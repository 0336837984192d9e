import Link from 'next/link';
import { agentHref } from '@/components/registry/agents/address';
import { joined } from '@/components/registry/agents/words';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { buttonLook } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { Table, type Column } from '@/components/ui/table';
import type { ChangeItem, ChangePage } from '@/lib/lifecycle/schema/change-requests';
import { changeStatusWords } from './change-words';

type Props = {
  caption: string;
  page: ChangePage;
  /** The address of the page that begins after a request. */
  older: (after: string) => string;
  /** Requests that this person can decide, or asked for; marked. */
  mine?: ReadonlySet<string>;
  /** Whether they are of several agents. */
  agents: boolean;
};

/** ChangeList is requests, newest first: what changes, who asked and why, and how it stands. */
export function ChangeList({ caption, page, older, mine, agents }: Props) {
  return (
    <>
      <Table caption={caption} columns={columnsOf(agents, mine)} rows={page.rows} keyOf={({ id }) => id} />
      {page.next === null ? null : (
        <p className="py-4">
          <Link href={older(page.next)} className={buttonLook()}>
            Show older
          </Link>
        </p>
      )}
    </>
  );
}

function columnsOf(agents: boolean, mine: ReadonlySet<string> | undefined): Column<ChangeItem>[] {
  const agent: Column<ChangeItem> = {
    key: 'agent',
    title: 'Agent',
    hide: 'phone',
    cell: (row) => (
      <Link href={agentHref(row.agent.id)} className={`relative z-10 ${link}`}>
        <Verbatim text={row.agent.name} />
      </Link>
    ),
  };
  return [
    {
      key: 'change',
      title: 'Change',
      cell: (row) => (
        <>
          {mine?.has(row.id) ? <span className="mr-2 text-xs font-semibold text-accent">For you</span> : null}
          <Link href={`/changes/${row.id}`} className="font-medium after:absolute after:inset-0">
            Change {joined(row.parts, 0, 'and')}
          </Link>
          <span className="block max-w-[60ch] text-ink-2">
            {agents ? (
              <span className="md:hidden">
                <Verbatim text={row.agent.name} />:{' '}
              </span>
            ) : null}
            {row.reason === null ? null : <Verbatim text={row.reason} className="line-clamp-2" />}
          </span>
        </>
      ),
    },
    ...(agents ? [agent] : []),
    { key: 'by', title: 'Asked by', hide: 'tablet', cell: (row) => <Verbatim text={row.requestedBy.name} /> },
    { key: 'at', title: 'Asked', hide: 'phone', className: 'whitespace-nowrap text-ink-2', cell: (row) => <Ago at={row.requestedAt} /> },
    {
      key: 'status',
      title: 'State',
      // Of several agents only requests of one state stand together, and its tab says which.
      ...(agents ? { hide: 'phone' as const } : {}),
      cell: (row) => (
        <>
          {changeStatusWords[row.status]}
          {row.decidedBy === null ? null : (
            <span className="block text-xs text-ink-2">
              <Verbatim text={row.decidedBy.name} />
            </span>
          )}
        </>
      ),
    },
  ];
}
