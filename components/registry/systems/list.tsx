'use client';

import Link from 'next/link';
import { useState } from 'react';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { Empty, Page } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import type { SystemRow } from '@/lib/registry/schema/catalogue';
import { SystemDialog } from './dialog';

/** Systems is what agents act on, with how much hangs on each. */
export function Systems({ systems, mayManage }: { systems: readonly SystemRow[]; mayManage: boolean }) {
  const [open, setOpen] = useState<SystemRow | 'new' | null>(null);
  const add = mayManage ? (
    <Button tone="primary" onClick={() => setOpen('new')}>
      Add a system
    </Button>
  ) : undefined;
  return (
    <Page
      title="Systems"
      up={{ href: '/registry/actions', label: 'Action types' }}
      intro="What agents act on. Each action type belongs to one of them."
      actions={systems.length === 0 ? undefined : add}
    >
      {systems.length === 0 ? (
        <Empty title="No systems yet" action={add}>
          A system is something agents act on: an ERP, a mailbox, a customer database. Add one, then record what can be done in it.
        </Empty>
      ) : (
        <Table caption="Systems" columns={columnsOf(mayManage ? setOpen : undefined)} rows={systems} keyOf={({ id }) => id} />
      )}
      {open === null ? null : <SystemDialog {...(open === 'new' ? {} : { system: open })} close={() => setOpen(null)} />}
    </Page>
  );
}

const columnsOf = (edit: ((row: SystemRow) => void) | undefined): Column<SystemRow>[] => [
  {
    key: 'name',
    title: 'System',
    cell: (row) => (
      <>
        <Link href={`/registry/systems/${encodeURIComponent(row.id)}`} className="font-medium after:absolute after:inset-0">
          <Verbatim text={row.name} />
        </Link>
        {row.description === '' ? null : <Verbatim text={row.description} className="block max-w-[64ch] text-ink-2" />}
      </>
    ),
  },
  {
    key: 'types',
    title: 'Action types',
    align: 'right',
    cell: (row) => (
      <Link href={`/registry/actions?system=${encodeURIComponent(row.id)}`} className={`tabular relative z-10 ${link}`}>
        {row.actionTypes}
        {row.unset > 0 ? <span className="text-ink-2">, {row.unset} not classified</span> : null}
      </Link>
    ),
  },
  { key: 'agents', title: 'Agents', align: 'right', hide: 'phone', cell: (row) => <span className="tabular">{row.agents}</span> },
  ...(edit === undefined
    ? []
    : [
        {
          key: 'edit',
          title: <span className="sr-only">Edit</span>,
          align: 'right' as const,
          cell: (row: SystemRow) => (
            <Button tone="quiet" className="relative z-10" onClick={() => edit(row)} aria-label={`Edit ${row.name}`}>
              Edit
            </Button>
          ),
        },
      ]),
];
