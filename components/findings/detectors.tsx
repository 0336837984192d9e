import Link from 'next/link';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { link } from '@/components/ui/link';
import { Notice, Page } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import type { DetectorView, FindingSettings } from '@/lib/findings/schema';
import { findingsHref } from './address';
import { Settings } from './settings';
import { SeverityWord } from './severity';

type Props = { detectors: readonly DetectorView[]; settings: FindingSettings; mayChange: boolean };

/** Detectors is everything that is looked for, how each last ran, and what is open of it. One that fails says so. */
export function Detectors({ detectors, settings, mayChange }: Props) {
  const failing = detectors.filter(({ failed }) => failed);
  return (
    <Page
      title="What is looked for"
      up={{ href: '/findings', label: 'Findings' }}
      intro="Each of these looks at the whole inventory every minute. One that fails leaves its findings as they were, and the others go on."
    >
      {failing.length === 0 ? null : (
        <div className="mb-4">
          <Notice tone="danger">
            {failing.length === 1 ? 'One detector fails' : `${failing.length} detectors fail`}: what they look for is not known to be so
            now. Tell whoever runs this server.
          </Notice>
        </div>
      )}
      <Table caption="Detectors" columns={columns} rows={detectors} keyOf={({ id }) => id} />
      <Settings settings={settings} mayChange={mayChange} />
    </Page>
  );
}

const columns: readonly Column<DetectorView>[] = [
  {
    key: 'title',
    title: 'Looks for',
    cell: ({ title, means, severity, failed, error }) => (
      <>
        <span className="font-medium">{title}</span>
        <span className="text-xs text-ink-2 md:hidden">
          {' '}
          · <SeverityWord severity={severity} />
        </span>
        <span className="block max-w-[72ch] text-ink-2">{means}</span>
        {!failed ? null : (
          <span className="mt-1 block text-danger">
            {error === null ? (
              'It could not look; an administrator sees why.'
            ) : (
              <>
                It failed: <Verbatim text={error} />
              </>
            )}
          </span>
        )}
      </>
    ),
  },
  { key: 'severity', title: 'Severity', hide: 'phone', cell: ({ severity }) => <SeverityWord severity={severity} /> },
  {
    key: 'ran',
    title: 'Last looked',
    hide: 'phone',
    className: 'whitespace-nowrap text-ink-2',
    cell: ({ ranAt, okAt, failed }) =>
      ranAt === null ? (
        'never'
      ) : (
        <>
          <Ago at={ranAt} />
          {!failed ? null : (
            <span className="block text-xs">
              {okAt === null ? (
                'never whole'
              ) : (
                <>
                  whole <Ago at={okAt} />
                </>
              )}
            </span>
          )}
        </>
      ),
  },
  {
    key: 'open',
    title: 'Open',
    align: 'right',
    className: 'tabular',
    cell: ({ id, open }) => <Count count={open} href={findingsHref({ detector: id })} word="open" />,
  },
  {
    key: 'snoozed',
    title: 'Put off',
    align: 'right',
    hide: 'phone',
    className: 'tabular',
    cell: ({ id, snoozed }) => <Count count={snoozed} href={findingsHref({ detector: id, status: 'snoozed' })} word="put off" />,
  },
];

/** Count is a number that leads to its rows; there is nothing behind none. */
function Count({ count, href, word }: { count: number; href: string; word: string }) {
  if (count === 0) return <span className="text-ink-2">0</span>;
  return (
    <Link className={link} href={href}>
      {count}
      <span className="sr-only"> {word}</span>
    </Link>
  );
}
