'use client';

import { useState } from 'react';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import type { System } from '@/lib/registry/schema';
import type { ToolKeyAnswer } from '@/lib/registry/schema/tool-keys';
import { IssueKey, RevokeKey } from './key-dialogs';

type Props = {
  system: System;
  keys: readonly ToolKeyAnswer[];
  makers: Readonly<Record<string, string>>;
  mayManage: boolean;
  gatewayUrl: string;
};

/** ToolKeys is the keys with which a system's tools report: made, shown once, revoked. */
export function ToolKeys({ system, keys, makers, mayManage, gatewayUrl }: Props) {
  const [open, setOpen] = useState<'issue' | ToolKeyAnswer | null>(null);
  const close = () => setOpen(null);
  const make = mayManage ? (
    <Button tone={keys.length === 0 ? 'primary' : 'plain'} onClick={() => setOpen('issue')}>
      Make a tool key
    </Button>
  ) : (
    <p className="text-sm text-ink-2">Engineers and security make and revoke tool keys.</p>
  );
  return (
    <section>
      <div className="mb-2 flex flex-wrap items-center gap-3">
        <h2 className="flex-1 text-base">Tool keys</h2>
        {keys.length === 0 ? null : make}
      </div>
      {keys.length === 0 ? (
        <Empty title="No tool keys" action={make}>
          With a key, a tool of this system reports calls that came without a receipt: the trace that an agent leaves when it acts past the
          gateway. A key opens nothing else.
        </Empty>
      ) : (
        <Table
          caption="Tool keys of this system"
          columns={columnsOf(makers, mayManage ? setOpen : undefined)}
          rows={keys}
          keyOf={({ id }) => id}
        />
      )}
      {open === 'issue' ? <IssueKey system={system} gatewayUrl={gatewayUrl} close={close} /> : null}
      {open !== null && open !== 'issue' ? <RevokeKey toolKey={open} close={close} /> : null}
    </section>
  );
}

const columnsOf = (
  makers: Readonly<Record<string, string>>,
  revoke: ((key: ToolKeyAnswer) => void) | undefined,
): Column<ToolKeyAnswer>[] => [
  {
    key: 'id',
    title: 'Key',
    cell: (row) => (
      <>
        <span className="font-medium">{row.label === '' ? 'No label' : <Verbatim text={row.label} />}</span>
        <span className="block font-mono text-xs break-all text-ink-2">{row.id}</span>
      </>
    ),
  },
  {
    key: 'state',
    title: 'State',
    cell: (row) =>
      row.revokedAt === null ? (
        'Works'
      ) : (
        <span className="text-ink-2">
          Revoked <Ago at={row.revokedAt} />
        </span>
      ),
  },
  {
    key: 'made',
    title: 'Made',
    hide: 'phone',
    cell: (row) => (
      <>
        <Verbatim text={makers[row.createdBy] ?? row.createdBy} />
        <Ago at={row.createdAt} className="ml-2 text-ink-2" />
      </>
    ),
  },
  {
    key: 'act',
    title: <span className="sr-only">Change</span>,
    align: 'right',
    cell: (row) =>
      revoke && row.revokedAt === null ? (
        <Button tone="quiet" onClick={() => revoke(row)} aria-label={`Revoke ${row.label === '' ? row.id : row.label}`}>
          Revoke
        </Button>
      ) : null,
  },
];
