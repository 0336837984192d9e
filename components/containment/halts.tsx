'use client';

import Link from 'next/link';
import { More } from '@/components/approvals/more';
import { useFollow, useHalts } from '@/components/approvals/queries';
import { Ago, Exact } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { link } from '@/components/ui/link';
import { Empty } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import { Tabs } from '@/components/ui/tabs';
import type { Halt, HaltPage } from '@/lib/check/reading/schema';
import { roleWords } from './words';

type Props = { show: 'in_force' | 'all'; initial: HaltPage };

/** Halts is the workflows that stand still, or ever did: what was tried, since when, and who can let it go on. */
export function Halts({ show, initial }: Props) {
  useFollow();
  const query = useHalts(show, initial);
  const halts = query.data?.pages.flatMap((page) => page.halts) ?? [];
  return (
    <>
      <div className="mb-3">
        <Tabs
          label="Halts"
          tabs={[
            {
              href: '/containment/halts',
              label: 'In force',
              active: show === 'in_force',
              count: query.data?.pages[0]?.inForce ?? initial.inForce,
            },
            { href: '/containment/halts?show=all', label: 'All', active: show === 'all' },
          ]}
        />
      </div>
      {halts.length === 0 ? (
        <Empty title={show === 'in_force' ? 'No workflow is halted' : 'No workflow was ever halted'}>
          When an agent tries what nobody may allow alone, its whole workflow stops and stands here until a leader or security releases it.
          Two of them together can also let the one action happen once. From the server’s command line:{' '}
          <code>npm run release -- --help</code>.
        </Empty>
      ) : (
        <Table caption="Halted workflows" columns={columns} rows={halts} keyOf={({ decisionId }) => decisionId} />
      )}
      <More query={query} />
    </>
  );
}

const columns: readonly Column<Halt>[] = [
  {
    key: 'what',
    title: 'What was tried',
    cell: ({ decisionId, sentence, action, because }) => (
      <>
        <Link href={`/ledger/${decisionId}`} className={`${link} font-medium`} prefetch={false}>
          <Verbatim text={sentence} />
        </Link>
        <span className="block text-ink-2">
          <Verbatim text={action} className="font-mono text-xs" />
        </span>
        <span className="block text-ink-2">{because}</span>
      </>
    ),
  },
  {
    key: 'agent',
    title: 'Agent',
    hide: 'phone',
    cell: ({ agent, process }) => (
      <>
        <Link href={`/registry/agents/${encodeURIComponent(agent.id)}`} className={link} prefetch={false}>
          {agent.name}
        </Link>
        {process === null ? null : <span className="block text-ink-2">{process.name}</span>}
      </>
    ),
  },
  {
    key: 'since',
    title: 'Halted',
    cell: ({ haltedAt, heldBack }) => (
      <>
        <Ago at={haltedAt} className="whitespace-nowrap" />
        <span className="block text-ink-2">{heldBack === 0 ? 'holds nothing else back' : `holds back ${heldBack} more`}</span>
      </>
    ),
  },
  { key: 'state', title: 'What waits', cell: (halt) => <State halt={halt} /> },
];

function State({ halt: { released, once, releasers } }: { halt: Halt }) {
  const open = once?.open;
  return (
    <>
      {released === null ? (
        <span className="font-medium text-danger">Stands still</span>
      ) : (
        <span className="text-ink-2">
          {released.by.name} released it <Ago at={released.at} />
        </span>
      )}
      {open ? (
        <span className="block" data-once="asked">
          {open.asked.by.name} asks that it happens once: {roleWords[open.signs].toLowerCase()} must sign
        </span>
      ) : once?.signed ? (
        <span className="block text-ink-2" data-once={once.signed.state}>
          {once.signed.state === 'ready' ? (
            <>
              may happen once until <Exact at={once.signed.expiresAt} />
            </>
          ) : once.signed.state === 'used' ? (
            'happened once'
          ) : (
            'was let happen once; it did not'
          )}
        </span>
      ) : released === null ? (
        <span className="block text-ink-2">{whoMay(releasers)}</span>
      ) : null}
    </>
  );
}

/** Names said before "and n others". */
const namesMax = 3;

function whoMay(releasers: Halt['releasers']): string {
  if (releasers.length === 0) return 'nobody here may release it';
  const names = releasers.slice(0, namesMax).map(({ name }) => name);
  const more = releasers.length - names.length;
  return `${new Intl.ListFormat('en', { type: 'disjunction' }).format(more > 0 ? [...names, `${more} more`] : names)} may release it`;
}
