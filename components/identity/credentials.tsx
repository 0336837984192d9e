'use client';

import { useState } from 'react';
import { Ago, Left } from '@/components/text/time';
import { useNow } from '@/components/text/now';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { Empty } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import type { CredentialAnswer } from '@/lib/identity/schema';
import { Issue } from './issue';
import { Revoke } from './revoke';

/** When and from where a credential got tokens, as gateways noticed. */
export type CredentialUse = { lastAt: string; workloads: number };
export type CredentialAgent = { id: string; name: string };
type Props = {
  agent: CredentialAgent;
  rows: readonly CredentialAnswer[];
  makers: Readonly<Record<string, string>>;
  uses: Readonly<Record<string, CredentialUse>>;
  whyNot: string | null;
  gatewayUrl: string;
};
type Open = { what: 'issue' } | { what: 'rotate' | 'revoke'; credential: CredentialAnswer } | null;

/** Credentials is the secrets of an agent, never a secret itself: made, shown once, replaced, revoked. */
export function Credentials({ agent, rows, makers, uses, whyNot, gatewayUrl }: Props) {
  const [open, setOpen] = useState<Open>(null);
  const now = useNow();
  const close = () => setOpen(null);
  const make = (
    <Button tone={rows.length === 0 ? 'primary' : 'plain'} disabled={whyNot !== null} onClick={() => setOpen({ what: 'issue' })}>
      Make a credential
    </Button>
  );
  return (
    <div className="py-3">
      {whyNot === null ? null : <p className="mb-3 text-sm text-ink-2">{whyNot}</p>}
      {rows.length === 0 ? (
        <Empty title="It has no credential" action={make}>
          With a client id and a secret of its own the agent gets its tokens from the gateway. Give it one for each place it runs in, so
          that each can be revoked alone; never give two agents the same.
        </Empty>
      ) : (
        <>
          <div className="mb-2 flex flex-wrap items-center gap-3">
            <span className="flex-1 text-sm text-ink-2">Secrets are shown once, when they are made, and kept as a hash.</span>
            {make}
          </div>
          <Table
            caption="Credentials of this agent"
            columns={columnsOf(makers, uses, whyNot === null ? setOpen : null, now)}
            rows={rows}
            keyOf={({ id }) => id}
          />
        </>
      )}
      {open?.what === 'issue' ? <Issue agent={agent} gatewayUrl={gatewayUrl} close={close} /> : null}
      {open?.what === 'rotate' ? <Issue agent={agent} replaces={open.credential} gatewayUrl={gatewayUrl} close={close} /> : null}
      {open?.what === 'revoke' ? <Revoke credential={open.credential} close={close} /> : null}
    </div>
  );
}

const isOver = ({ expiresAt }: CredentialAnswer, now: number | null): boolean => now !== null && Date.parse(expiresAt) <= now;

function columnsOf(
  makers: Readonly<Record<string, string>>,
  uses: Readonly<Record<string, CredentialUse>>,
  act: ((open: Open) => void) | null,
  now: number | null,
): Column<CredentialAnswer>[] {
  return [
    {
      key: 'id',
      title: 'Credential',
      cell: (row) => (
        <>
          <span className="font-medium">{row.label === '' ? 'No label' : <Verbatim text={row.label} />}</span>
          <span className="block font-mono text-xs break-all text-ink-2">{row.id}</span>
          <span className="block text-xs whitespace-nowrap text-ink-2">
            secret ends in{' '}
            <span data-hint className="font-mono">
              {row.hint}
            </span>
          </span>
          <span className="block text-xs text-ink-2 md:hidden">
            last used: <Used use={uses[row.id]} />
          </span>
        </>
      ),
    },
    { key: 'state', title: 'State', cell: (row) => <State row={row} over={isOver(row, now)} /> },
    { key: 'used', title: 'Last used', hide: 'phone', cell: (row) => <Used use={uses[row.id]} /> },
    {
      key: 'made',
      title: 'Made',
      hide: 'phone',
      cell: (row) => (
        <>
          <Verbatim text={row.createdBy === null ? 'Countersign' : (makers[row.createdBy] ?? row.createdBy)} />
          <Ago at={row.createdAt} className="ml-2 text-ink-2" />
        </>
      ),
    },
    {
      key: 'act',
      title: <span className="sr-only">Change</span>,
      align: 'right',
      cell: (row) =>
        act && row.revokedAt === null ? (
          <span className="flex justify-end gap-1 max-md:flex-col">
            {isOver(row, now) ? null : (
              <Button tone="quiet" onClick={() => act({ what: 'rotate', credential: row })}>
                Replace
              </Button>
            )}
            <Button tone="quiet" onClick={() => act({ what: 'revoke', credential: row })}>
              Revoke
            </Button>
          </span>
        ) : null,
    },
  ];
}

function Used({ use }: { use: CredentialUse | undefined }) {
  if (use === undefined) return <span className="text-ink-2">Not noticed yet</span>;
  return (
    <>
      <Ago at={use.lastAt} />
      <span className={use.workloads > 1 ? 'block text-xs text-tier-3' : 'block text-xs text-ink-2'}>
        from {use.workloads} {use.workloads === 1 ? 'workload' : 'workloads'}
      </span>
    </>
  );
}

function State({ row, over }: { row: CredentialAnswer; over: boolean }) {
  if (row.revokedAt !== null)
    return (
      <span className="text-ink-2">
        Revoked <Ago at={row.revokedAt} />
      </span>
    );
  if (over)
    return (
      <span className="text-danger">
        Expired <Ago at={row.expiresAt} />
      </span>
    );
  return (
    <>
      Works for <Left at={row.expiresAt} />
    </>
  );
}
