'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { z } from 'zod';
import { ChangeReason } from '@/components/lifecycle/change-reason';
import { apiPost } from '@/components/live/query';
import { ProblemLine } from '@/components/live/problem';
import { useSave } from '@/components/live/save';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { link } from '@/components/ui/link';
import { Empty } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import { ChangeAnswer } from '@/lib/lifecycle/schema/change-requests';
import type { ActionChoice, AgentAnswer, PermissionRow } from '@/lib/registry/reading/schema';
import { actionSlug } from '@/lib/registry/schema';
import { agentHref } from './address';
import { ActionPicker, classificationWords } from './picker';

type Props = {
  agent: AgentAnswer;
  rows: readonly PermissionRow[];
  choices: readonly ActionChoice[];
  /** Whether more is asked for, and another person approves it. */
  asks: boolean;
  whyNotGrant: string | null;
  whyNotRevoke: string | null;
  looked: number;
};

const Changed = z.object({ changed: z.number() });

/** Permissions is everything an agent may ever ask for: how each is classified, when it was last used, and the way to give more or take one away. */
export function Permissions({ agent, rows, choices, asks, whyNotGrant, whyNotRevoke, looked }: Props) {
  const whyNot = whyNotGrant ?? whyNotRevoke;
  const [granting, setGranting] = useState(false);
  const [revoking, setRevoking] = useState<PermissionRow | null>(null);
  const grant = (
    <Button tone={rows.length === 0 ? 'primary' : 'plain'} disabled={whyNotGrant !== null} onClick={() => setGranting(true)}>
      {asks ? 'Ask for action types' : 'Grant action types'}
    </Button>
  );
  return (
    <div className="py-3">
      {whyNot === null ? null : <p className="mb-3 text-sm text-ink-2">{whyNot}</p>}
      {rows.length === 0 ? (
        <Empty title="It may not ask for anything yet" action={grant}>
          A permission is one action type of one system. Whatever is not granted here is halted when the agent asks for it.
        </Empty>
      ) : (
        <>
          <div className="mb-2 flex flex-wrap items-center gap-3">
            <span className="text-sm text-ink-2">
              {rows.length} {rows.length === 1 ? 'action type' : 'action types'}; last use is looked for in its newest{' '}
              {looked.toLocaleString('en')} rows of the ledger.
            </span>
            <span className="flex-1" />
            {grant}
          </div>
          <Table
            caption="What this agent may ask for"
            columns={columnsOf(whyNotRevoke === null ? setRevoking : null)}
            rows={rows}
            keyOf={({ action }) => action}
          />
        </>
      )}
      {granting ? (
        <Grant
          agent={agent}
          asks={asks}
          choices={choices.filter(({ name }) => !rows.some(({ action }) => action === name))}
          close={() => setGranting(false)}
        />
      ) : null}
      {revoking ? <Revoke agent={agent} row={revoking} close={() => setRevoking(null)} /> : null}
    </div>
  );
}

function columnsOf(revoke: ((row: PermissionRow) => void) | null): Column<PermissionRow>[] {
  const columns: Column<PermissionRow>[] = [
    {
      key: 'action',
      title: 'Action type',
      cell: (row) => (
        <>
          <Link href={`/registry/actions/${actionSlug(row.action)}`} className={`${link} font-mono text-[13px] break-all`}>
            {row.action}
          </Link>
          <span className="block text-ink-2">
            <Verbatim text={row.title} />
          </span>
          <span className="block text-xs text-ink-2 md:hidden">
            {row.lastUsedAt === null ? (
              'not seen'
            ) : (
              <>
                used <Ago at={row.lastUsedAt} />
              </>
            )}
            {row.status === 'approved' ? null : <span className="text-danger"> · {classificationWords[row.status]}</span>}
          </span>
        </>
      ),
    },
    { key: 'system', title: 'System', hide: 'phone', cell: (row) => <Verbatim text={row.system} /> },
    {
      key: 'status',
      title: 'Classified',
      hide: 'phone',
      cell: ({ status }) => (
        <span className={status === 'approved' ? '' : 'text-danger'}>{status === 'approved' ? 'Yes' : classificationWords[status]}</span>
      ),
    },
    {
      key: 'used',
      title: 'Last used',
      hide: 'phone',
      cell: ({ lastUsedAt }) => <span className="text-ink-2">{lastUsedAt === null ? 'not seen' : <Ago at={lastUsedAt} />}</span>,
    },
    { key: 'granted', title: 'Granted', hide: 'tablet', cell: ({ grantedAt }) => <Ago at={grantedAt} className="text-ink-2" /> },
  ];
  if (revoke)
    columns.push({
      key: 'revoke',
      title: <span className="sr-only">Take away</span>,
      align: 'right',
      cell: (row) => (
        <Button tone="quiet" onClick={() => revoke(row)} aria-label={`Take away ${row.action}`}>
          Take away
        </Button>
      ),
    });
  return columns;
}

function useChange(agentId: string, verb: 'grant' | 'revoke', close: () => void) {
  const router = useRouter();
  const save = useSave(
    (actions: readonly string[]) => apiPost(`/api/v1${agentHref(agentId)}/permissions/${verb}`, { actions }, Changed),
    ['agents', 'ledger'],
  );
  const send = (actions: readonly string[]) =>
    save.mutate(actions, {
      onSuccess: () => {
        close();
        router.refresh();
      },
    });
  return { save, send };
}

type GrantProps = { agent: AgentAnswer; asks: boolean; choices: readonly ActionChoice[]; close: () => void };

function Grant({ agent, asks, choices, close }: GrantProps) {
  const [chosen, setChosen] = useState<string[]>([]);
  const [reason, setReason] = useState('');
  const direct = useChange(agent.id, 'grant', close);
  const request = useAsk(agent);
  const { save } = asks ? request : direct;
  const count = `${chosen.length === 0 ? '' : chosen.length} action ${chosen.length === 1 ? 'type' : 'types'}`;
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      title={`What else may ${agent.name} ask for?`}
      description={
        asks
          ? 'Another person approves it. From then on it may ask for it; policy still decides each single call.'
          : 'It may ask for it from the moment this is saved; policy still decides each single call.'
      }
    >
      <ActionPicker choices={choices} value={chosen} onChange={setChosen} />
      {asks ? <ChangeReason value={reason} onChange={setReason} /> : null}
      <ProblemLine error={save.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button size="lg" onClick={close}>
          Not now
        </Button>
        <Button
          tone="primary"
          size="lg"
          disabled={chosen.length === 0 || save.isPending || (asks && reason.trim() === '')}
          onClick={() => (asks ? request.send(chosen, reason) : direct.send(chosen))}
        >
          {save.isPending ? 'Saving…' : `${asks ? 'Ask for' : 'Grant'} ${count}`}
        </Button>
      </div>
    </Dialog>
  );
}

/** Asks for more than the record has now, and leads to the request. */
function useAsk(agent: AgentAnswer) {
  const router = useRouter();
  const save = useSave(
    ({ chosen, reason }: { chosen: readonly string[]; reason: string }) => {
      const fields = { ...agent, permissions: [...agent.permissions, ...chosen] };
      return apiPost('/api/v1/lifecycle/changes', { agent: agent.id, version: agent.version, fields, reason }, ChangeAnswer);
    },
    ['agents', 'changes', 'ledger'],
  );
  const send = (chosen: readonly string[], reason: string) =>
    save.mutate({ chosen, reason }, { onSuccess: ({ id }) => router.push(`/changes/${id}`) });
  return { save, send };
}

function Revoke({ agent, row, close }: { agent: Props['agent']; row: PermissionRow; close: () => void }) {
  const { save, send } = useChange(agent.id, 'revoke', close);
  const first = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      focus={first}
      title={`Take away ${row.action}?`}
      description={`From the moment this is saved, ${agent.name} is halted when it asks for it. Requests that wait for a person can no longer be used.`}
    >
      <ProblemLine error={save.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button ref={first} size="lg" onClick={close}>
          Not now
        </Button>
        <Button tone="danger" size="lg" disabled={save.isPending} onClick={() => send([row.action])}>
          {save.isPending ? 'Saving…' : 'Take away'}
        </Button>
      </div>
    </Dialog>
  );
}
