'use client';

import Link from 'next/link';
import { Section } from '@/components/text/facts';
import { Ago } from '@/components/text/time';
import { link } from '@/components/ui/link';
import { Empty, Notice } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import type { ChangeReach, GatewayPage, GatewayView } from '@/lib/containment/schema';
import { useGateways } from './queries';
import { ReachLine } from './reach';

const changeWords: Record<string, string> = {
  'agent.suspended': 'Suspended',
  'agent.decommissioned': 'Decommissioned',
  'credential.revoked': 'Credential revoked',
  'user.deactivated': 'Deactivated',
  'policy.published': 'Policy published',
  'policy.retired': 'Policy retired',
};

/** Gateways is which gateways live, by which rules they decide, and how fast the latest changes reached them. */
export function Gateways({ initial }: { initial: GatewayPage }) {
  const { data, isError } = useGateways(initial);
  const alive = data.gateways.filter((gateway) => gateway.alive).length;
  return (
    <>
      {isError ? <Notice tone="warn">The page could not be read again. What is shown may be old.</Notice> : null}
      {alive === 0 ? (
        <Notice tone="danger">
          No gateway is alive: every agent is refused until one is started again on the server. Stops stay in force.
        </Notice>
      ) : null}
      {data.gateways.length === 0 ? null : <Table caption="Gateways" columns={columns} rows={data.gateways} keyOf={({ id }) => id} />}
      <p className="mt-2 text-sm text-ink-2">
        After a restore of an older backup gateways stay locked until{' '}
        <Link className={link} href="/containment/locked">
          two people resume them
        </Link>
        .
      </p>
      <div className="mt-6">
        <Section title="How fast changes reach them" aside="the same path as a stop, from the commit">
          {data.changes.length === 0 ? (
            <Empty title="Nothing was taken away yet">
              Suspensions, revoked credentials, deactivated people and policies stand here with the time until every gateway decided by
              them.
            </Empty>
          ) : (
            <Table caption="Changes" columns={changeColumns} rows={data.changes} keyOf={({ seq }) => seq} />
          )}
        </Section>
      </div>
    </>
  );
}

function stateOf({ alive, locked, current }: GatewayView) {
  if (locked !== null)
    return (
      <span className="font-medium text-danger">
        <Link className={link} href="/containment/locked">
          Locked
        </Link>
        : {locked}
      </span>
    );
  if (!alive) return <span className="font-medium text-danger">Silent</span>;
  return current ? 'Decides by the newest rules' : <span className="text-tier-3">Loads newer rules</span>;
}

const columns: readonly Column<GatewayView>[] = [
  { key: 'name', title: 'Gateway', cell: ({ name }) => <span className="font-mono text-[13px] break-all">{name}</span> },
  { key: 'state', title: 'State', cell: stateOf },
  { key: 'seen', title: 'Heard of', cell: ({ seenAt }) => <Ago at={seenAt} className="whitespace-nowrap" /> },
  { key: 'started', title: 'Started', hide: 'phone', cell: ({ startedAt }) => <Ago at={startedAt} className="whitespace-nowrap" /> },
  {
    key: 'epoch',
    title: 'Rules of row',
    align: 'right',
    hide: 'phone',
    cell: ({ epoch }) => <span className="tabular">{epoch.toLocaleString('en')}</span>,
  },
];

const changeColumns: readonly Column<ChangeReach>[] = [
  {
    key: 'what',
    title: 'Change',
    cell: ({ kind, subject }) => (
      <>
        {changeWords[kind] ?? kind}
        <span className="block text-ink-2">{subject.name}</span>
      </>
    ),
  },
  {
    key: 'at',
    title: 'Committed',
    hide: 'phone',
    cell: ({ reach }) => (reach.committedAt === null ? '–' : <Ago at={reach.committedAt} className="whitespace-nowrap" />),
  },
  { key: 'reach', title: 'Acknowledged', cell: ({ reach }) => <ReachLine reach={reach} /> },
];
