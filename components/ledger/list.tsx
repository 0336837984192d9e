'use client';

import { ArrowUp } from 'lucide-react';
import Link from 'next/link';
import { useRef, type RefObject } from 'react';
import { useKeys } from '@/components/keys/provider';
import { dimensionWord, TierMark, VerdictMark } from '@/components/text/verdict';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import type { ToldEntry, ToldPage } from '@/lib/check/reading/schema';
import type { EntryFilter } from '@/lib/ledger/reading/schema';
import { FirstDecision, NothingMatches } from './empty';
import { Filters, type FilterOptions } from './filters';
import { useEntries, useNews } from './queries';

type Props = {
  filter: EntryFilter;
  initial: ToldPage;
  head: string;
  options: FilterOptions;
  gatewayUrl: string;
  narrowed: boolean;
};

/** Ledger is the list of everything that was decided and done, newest first. What is new waits behind a button: the list never moves by itself. */
export function Ledger({ filter, initial, head, options, gatewayUrl, narrowed }: Props) {
  const query = useEntries(filter, initial);
  const news = useNews(filter, query.data, head);
  const entries = query.data.pages.flatMap((page) => page.entries);
  const body = useRef<HTMLTableSectionElement>(null);
  const step = (by: 1 | -1) => () => moveFocus(body, by);
  useKeys({ next: step(1), previous: step(-1), open: () => focusedLink(body)?.click() });
  const top = useRef<HTMLDivElement>(null);
  const showNews = () => {
    news.show();
    top.current?.scrollIntoView();
  };

  return (
    <div className="mx-auto max-w-[1440px]">
      <div ref={top} className="flex flex-col gap-3 px-4 pt-4 pb-3 md:px-6">
        <h1>Ledger</h1>
        <Filters filter={filter} options={options} />
      </div>
      <div aria-live="polite" className="sticky top-2 z-10 flex h-0 justify-center">
        {news.count > 0 && entries.length > 0 ? (
          <Button tone="primary" className="h-7 rounded-full px-3 shadow-float" onClick={showNews}>
            <ArrowUp size={13} aria-hidden /> {news.count}
            {news.more ? '+' : ''} new
          </Button>
        ) : null}
      </div>
      {entries.length === 0 ? (
        <Empty narrowed={narrowed} gatewayUrl={gatewayUrl} news={news.count} show={news.show} />
      ) : (
        <>
          <table className="w-full table-fixed border-collapse text-sm" data-ledger>
            <caption className="sr-only">The ledger, newest first</caption>
            <colgroup>
              <col className="w-44 max-md:w-33" />
              <col className="w-14 max-md:hidden" />
              <col />
              <col className="w-44 max-md:hidden" />
              <col className="w-48 max-lg:hidden" />
              <col className="w-28 max-md:w-24" />
              <col className="w-20 max-md:hidden" />
            </colgroup>
            <thead>
              <tr className="h-8 border-b border-line text-left text-xs text-ink-2">
                <th className="pl-4 font-medium md:pl-6">What</th>
                <th className="font-medium max-md:hidden">Tier</th>
                <th className="font-medium">Action</th>
                <th className="font-medium max-md:hidden">Who</th>
                <th className="font-medium max-lg:hidden">Because of</th>
                <th className="pr-4 text-right font-medium md:pr-3">When</th>
                <th className="pr-6 text-right font-medium max-md:hidden">Row</th>
              </tr>
            </thead>
            <tbody ref={body}>
              {entries.map((entry) => (
                <Row key={entry.seq} entry={entry} />
              ))}
            </tbody>
          </table>
          <div className="flex h-16 items-center justify-center text-sm text-ink-2">
            {query.hasNextPage ? (
              <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
                {query.isFetchingNextPage ? 'Reading…' : 'Show older'}
              </Button>
            ) : (
              'That is the beginning.'
            )}
            {query.isFetchNextPageError ? (
              <span className="ml-3 text-danger">The older rows could not be read. What is shown stays.</span>
            ) : null}
          </div>
        </>
      )}
    </div>
  );
}

function Empty({ narrowed, gatewayUrl, news, show }: { narrowed: boolean; gatewayUrl: string; news: number; show: () => void }) {
  if (news > 0)
    return (
      <div className="flex justify-center py-10">
        <Button tone="primary" onClick={show}>
          Show what just came
        </Button>
      </div>
    );
  return narrowed ? <NothingMatches /> : <FirstDecision gatewayUrl={gatewayUrl} />;
}

const cover =
  'after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent';

function Row({ entry }: { entry: ToldEntry }) {
  return (
    <tr className="relative h-9 border-b border-line hover:bg-sunken has-focus-visible:bg-sunken max-md:h-12" data-seq={entry.seq}>
      {entry.verdict === null ? <EventCells entry={entry} /> : <DecisionCells entry={entry} verdict={entry.verdict} />}
      <td className="pr-4 text-right text-ink-2 md:pr-3 md:whitespace-nowrap">
        <Ago at={entry.at} />
      </td>
      <td className="pr-6 text-right text-ink-2 max-md:hidden">{entry.seq}</td>
    </tr>
  );
}

function DecisionCells({ entry, verdict }: { entry: ToldEntry; verdict: NonNullable<ToldEntry['verdict']> }) {
  return (
    <>
      <td className="pr-2 pl-4 md:pl-6">
        <VerdictMark verdict={verdict} tier={entry.tier} />
      </td>
      <td className="max-md:hidden">
        <TierMark tier={entry.tier} short />
      </td>
      <td className="truncate pr-3">
        {/* The link covers its row. */}
        <Link href={`/ledger/${entry.eventId}`} prefetch={false} className={cover}>
          <Verbatim text={entry.action ?? entry.kind} className="font-medium whitespace-nowrap" />
        </Link>
        <span className="block truncate text-xs text-ink-2 md:hidden">
          <TierMark tier={entry.tier} short /> {entry.words}
        </span>
      </td>
      <td className="truncate pr-3 max-md:hidden">{entry.words}</td>
      <td className="truncate pr-3 text-ink-2 max-lg:hidden">{entry.because.map(dimensionWord).join(', ')}</td>
    </>
  );
}

const nounOf = (kind: string): string => {
  const noun = (kind.split('.')[0] ?? kind).replaceAll('_', ' ');
  return noun.charAt(0).toUpperCase() + noun.slice(1);
};

/** What is no decision is one sentence. */
function EventCells({ entry }: { entry: ToldEntry }) {
  return (
    <>
      <td className="truncate pl-4 text-ink-2 md:pl-6">
        <span aria-hidden className="mr-2 inline-block w-4 text-center">
          ·
        </span>
        {nounOf(entry.kind)}
      </td>
      <td className="max-md:hidden">{null}</td>
      <td className="truncate py-1 pr-3 max-md:whitespace-normal lg:overflow-visible lg:whitespace-nowrap">
        <Link href={`/ledger/${entry.seq}`} prefetch={false} className={cover}>
          <Verbatim text={entry.words} className="max-md:line-clamp-3 md:whitespace-nowrap" />
        </Link>
      </td>
      <td className="max-md:hidden">{null}</td>
      <td className="max-lg:hidden">{null}</td>
    </>
  );
}

const links = (body: RefObject<HTMLTableSectionElement | null>): HTMLAnchorElement[] => [
  ...(body.current?.querySelectorAll<HTMLAnchorElement>('a[href]') ?? []),
];
const focusedLink = (body: RefObject<HTMLTableSectionElement | null>): HTMLAnchorElement | undefined =>
  links(body).find((link) => link === document.activeElement);

function moveFocus(body: RefObject<HTMLTableSectionElement | null>, by: 1 | -1): void {
  const all = links(body);
  const at = all.findIndex((link) => link === document.activeElement);
  all[at === -1 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
}
