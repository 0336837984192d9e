'use client';

import Link from 'next/link';
import { More } from '@/components/approvals/more';
import { Ago } from '@/components/text/time';
import { link } from '@/components/ui/link';
import { Empty } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import { Tabs } from '@/components/ui/tabs';
import type { KillPage, KillView } from '@/lib/containment/schema';
import { useKills } from './queries';
import { ReachLine } from './reach';
import { scopeWords } from './words';

type Props = { show: 'in_force' | 'all'; initial: KillPage };

/** Stops is what is stopped now, or ever was, with how fast each stop reached the gateways. */
export function Stops({ show, initial }: Props) {
  const query = useKills(show, initial);
  const kills = query.data.pages.flatMap((page) => page.kills);
  return (
    <>
      <div className="mb-3">
        <Tabs
          label="Stops"
          tabs={[
            { href: '/containment', label: 'In force', active: show === 'in_force', count: query.data.pages[0]?.inForce ?? 0 },
            { href: '/containment?show=all', label: 'All', active: show === 'all' },
          ]}
        />
      </div>
      {kills.length === 0 ? (
        <Empty title={show === 'in_force' ? 'Nothing is stopped' : 'Nothing was ever stopped'}>
          A stop takes effect on every gateway at once, whatever the agent does. “Stop…” at the top of every page sets one; it begins with
          what the page is about. From the server’s command line: <code>npm run kill -- --help</code>.
        </Empty>
      ) : (
        <Table caption="Stops" columns={columns} rows={kills} keyOf={({ id }) => id} />
      )}
      <More query={query} />
    </>
  );
}

const columns: readonly Column<KillView>[] = [
  {
    key: 'what',
    title: 'What',
    cell: ({ id, scope, target, drill }) => (
      <>
        <Link href={`/containment/${id}`} className={`${link} font-medium`} prefetch={false}>
          {target.name}
        </Link>
        <span className="block text-ink-2">
          {scope === 'organisation' ? 'the whole organisation' : scopeWords[scope].one}
          {drill === null ? '' : ', a drill'}
        </span>
      </>
    ),
  },
  {
    key: 'set',
    title: 'Set',
    cell: ({ setAt, setBy }) => (
      <>
        <Ago at={setAt} className="whitespace-nowrap" />
        <span className="block text-ink-2">{setBy.name}</span>
      </>
    ),
  },
  { key: 'reach', title: 'Acknowledged', hide: 'phone', cell: ({ reach }) => <ReachLine reach={reach} /> },
  {
    key: 'state',
    title: 'State',
    cell: ({ lifted }) =>
      lifted === null ? (
        <span className="font-medium text-danger">In force</span>
      ) : (
        <span className="text-ink-2">
          Lifted <Ago at={lifted.at} />
          <span className="block">{lifted.by.name}</span>
        </span>
      ),
  },
];
