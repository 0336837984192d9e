import Link from 'next/link';
import { Exact } from '@/components/text/time';
import { link } from '@/components/ui/link';
import { Table, type Column } from '@/components/ui/table';
import type { PolicyPage } from '@/lib/policy/reading/schema';
import { StartDraft } from './start';
import { listOf } from './words';

type Version = PolicyPage['versions'][number];

/** whoWords says who is behind a version: who wrote it and who signed. */
export function whoWords({ draftedBy, signed }: Pick<Version, 'draftedBy' | 'signed'>): string {
  if (draftedBy === null) return 'Countersign, at set-up';
  return signed.length === 0
    ? draftedBy
    : `${draftedBy}; signed by ${listOf(
        signed.map(({ name }) => name),
        'and',
      )}`;
}

function columnsOf(id: string, mayGoBack: boolean): Column<Version>[] {
  return [
    {
      key: 'version',
      title: 'Version',
      cell: ({ version, status }) => (
        <span className="whitespace-nowrap">
          <Link href={`/policy/${id}/versions/${version}`} className={link}>
            Version {version}
          </Link>
          {status === 'active' ? ' in force' : ''}
        </span>
      ),
    },
    {
      key: 'since',
      title: 'Published',
      cell: ({ since }) => (since === null ? '–' : <Exact at={since} className="whitespace-nowrap max-md:whitespace-normal" />),
    },
    { key: 'who', title: 'Who', hide: 'phone', cell: whoWords },
    {
      key: 'why',
      title: 'Why',
      hide: 'phone',
      cell: ({ note }) => (note === '' ? <span className="text-ink-2">–</span> : <span className="whitespace-pre-wrap">{note}</span>),
    },
    {
      key: 'back',
      title: <span className="sr-only">Go back to it</span>,
      align: 'right',
      cell: ({ version, status }) =>
        mayGoBack && status !== 'active' ? <StartDraft id={id} from={version} label="Draft from this" tone="quiet" /> : null,
    },
  ];
}

/** Versions lists what is and was in force, newest first; going back is publishing an earlier one again, through a draft. */
export function Versions({ id, versions, mayGoBack }: { id: string; versions: readonly Version[]; mayGoBack: boolean }) {
  return <Table caption="Versions" columns={columnsOf(id, mayGoBack)} rows={versions} keyOf={({ version }) => String(version)} />;
}
