import Link from 'next/link';
import { Ago } from '@/components/text/time';
import { link } from '@/components/ui/link';
import { Table, type Column } from '@/components/ui/table';
import { KIND_WORDS } from '@/lib/policy/domain/statements';
import type { PolicyItem, Step } from '@/lib/policy/reading/schema';
import { capitalised, draftNeeds } from './words';

const next: Record<Step, string> = { sign: 'Review and sign', edit: 'Go on writing', start: '', look: '' };

const columns: Column<PolicyItem>[] = [
  {
    key: 'name',
    title: 'Policy',
    cell: (item) => (
      <>
        <Link href={`/policy/${item.id}`} className="font-medium after:absolute after:inset-0">
          {item.name}
        </Link>
        <span className="block text-ink-2 md:hidden">
          {KIND_WORDS[item.kind].word}, for {item.for}
          {item.draft ? <span className="block">{draftNeeds(item.draft)}</span> : null}
        </span>
      </>
    ),
  },
  { key: 'kind', title: 'Kind', hide: 'phone', cell: ({ kind }) => <span title={KIND_WORDS[kind].meaning}>{KIND_WORDS[kind].word}</span> },
  {
    key: 'for',
    title: 'For',
    hide: 'phone',
    cell: (item) => (
      <>
        {capitalised(item.for)}: <Actions actions={item.actions} />
      </>
    ),
  },
  {
    key: 'force',
    title: 'In force',
    cell: ({ inForce }) =>
      inForce === null ? (
        <span className="text-ink-2">not yet</span>
      ) : (
        <span className="whitespace-nowrap">
          v{inForce.version}
          {inForce.since === null ? null : <Ago at={inForce.since} className="ml-2 text-ink-2 max-md:hidden" />}
        </span>
      ),
  },
  {
    key: 'draft',
    title: 'Draft',
    hide: 'phone',
    cell: ({ draft }) => (draft === null ? <span className="text-ink-2">–</span> : draftNeeds(draft)),
  },
  {
    key: 'next',
    title: <span className="sr-only">Next step</span>,
    align: 'right',
    cell: ({ id, step }) =>
      next[step] === '' ? null : (
        <Link href={`/policy/${id}/draft`} className={`relative z-10 whitespace-nowrap ${link}`}>
          {next[step]}
        </Link>
      ),
  },
];

function Actions({ actions }: { actions: readonly string[] }) {
  if (actions.includes('*')) return <>every action</>;
  const [first, ...rest] = actions;
  return (
    <>
      <code className="text-xs">{first}</code>
      {rest.length === 0 ? null : <span className="text-ink-2"> and {rest.length} more</span>}
    </>
  );
}

/** PolicyListTable is every policy in force or being written. */
export function PolicyListTable({ items }: { items: readonly PolicyItem[] }) {
  return <Table caption="Policies" columns={columns} rows={items} keyOf={({ id }) => id} />;
}
