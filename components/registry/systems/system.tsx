'use client';

import Link from 'next/link';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { link } from '@/components/ui/link';
import { Empty, Page } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import type { System } from '@/lib/registry/schema';
import type { ToolKeyAnswer } from '@/lib/registry/schema/tool-keys';
import { ToolKeys } from './keys';

/** What a system's tools reported of one action and one agent. */
export type SightingRow = { action: string; agent: string | undefined; count: number; firstAt: string; lastAt: string };
type Props = {
  system: System;
  keys: readonly ToolKeyAnswer[];
  sightings: readonly SightingRow[];
  makers: Readonly<Record<string, string>>;
  mayManage: boolean;
  gatewayUrl: string;
};

/** SystemPage is one system: the keys of its tools, and the calls they were given without a receipt. */
export function SystemPage({ system, sightings, ...rest }: Props) {
  return (
    <Page
      title={<Verbatim text={system.name} />}
      up={{ href: '/registry/systems', label: 'Systems' }}
      intro={
        <>
          {system.description === '' ? null : <Verbatim text={system.description} className="block" />}
          <Link href={`/registry/actions?system=${encodeURIComponent(system.id)}`} className={link}>
            Its action types
          </Link>
        </>
      }
    >
      <ToolKeys system={system} {...rest} />
      <section className="mt-8">
        <h2 className="mb-2 text-base">Calls without a receipt</h2>
        {sightings.length === 0 ? (
          <Empty title="Nothing reported">
            When a tool of this system has a key, it tells here of calls that came without a receipt, or with one that allows something
            else. Whoever makes such calls acts past the gateway.
          </Empty>
        ) : (
          <Table
            caption="Calls without a receipt"
            columns={sightingColumns}
            rows={sightings}
            keyOf={(row) => `${row.action} ${row.agent ?? ''}`}
          />
        )}
      </section>
    </Page>
  );
}

const sightingColumns: Column<SightingRow>[] = [
  { key: 'action', title: 'Action called', cell: (row) => <Verbatim text={row.action} className="font-mono text-xs break-all" /> },
  {
    key: 'agent',
    title: 'By, as the caller says',
    cell: (row) =>
      row.agent === undefined ? (
        <span className="text-ink-2">nobody said</span>
      ) : (
        <Verbatim text={row.agent} className="font-mono text-xs break-all" />
      ),
  },
  { key: 'count', title: 'Calls', align: 'right', cell: (row) => <span className="tabular">{row.count}</span> },
  { key: 'first', title: 'First', hide: 'phone', cell: (row) => <Ago at={row.firstAt} /> },
  { key: 'last', title: 'Last', cell: (row) => <Ago at={row.lastAt} /> },
];
