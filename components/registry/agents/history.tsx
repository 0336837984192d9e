'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { apiGet } from '@/components/live/query';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { link } from '@/components/ui/link';
import { HistoryPage, type HistoryRow } from '@/lib/registry/reading/schema';
import { agentHref } from './address';

/** History is what people and Countersign did about an agent, newest first. What it did itself is under Decisions. */
export function History({ id, initial }: { id: string; initial: HistoryPage }) {
  const query = useInfiniteQuery({
    queryKey: ['agents', 'history', id],
    queryFn: ({ pageParam, signal }) =>
      apiGet(`/api/v1${agentHref(id)}/history${pageParam === '' ? '' : `?before=${pageParam}`}`, HistoryPage, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    initialData: { pages: [initial], pageParams: [''] },
  });
  const rows = query.data.pages.flatMap((page) => page.rows);
  return (
    <div className="max-w-[88ch] py-3">
      <ol data-history>
        {rows.map((row) => (
          <Row key={row.seq} row={row} />
        ))}
      </ol>
      <div className="py-4 text-sm text-ink-2">
        {query.hasNextPage ? (
          <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
            {query.isFetchingNextPage ? 'Reading…' : 'Show older'}
          </Button>
        ) : rows.length === 0 ? (
          'Nothing is in the ledger about this agent yet; a new row takes a moment to come here.'
        ) : (
          'That is the beginning.'
        )}
        {query.isFetchNextPageError ? (
          <span className="ml-3 text-danger">The older rows could not be read. What is shown stays.</span>
        ) : null}
      </div>
    </div>
  );
}

function Row({ row }: { row: HistoryRow }) {
  return (
    <li className="grid gap-x-4 border-b border-line py-2 sm:grid-cols-[9rem_minmax(0,1fr)_auto]" data-kind={row.kind}>
      <Ago at={row.at} className="text-sm text-ink-2" />
      <div className="min-w-0">
        <p>
          <Verbatim text={row.actor.type === 'system' ? 'Countersign' : row.actor.name} className="font-medium" />{' '}
          <Verbatim text={row.words} />
          {row.actor.type === 'operator' ? <span className="text-sm text-ink-2"> · at the command line</span> : null}
        </p>
        {row.text === null ? null : row.text === 'hidden' ? (
          <p className="text-sm text-ink-2">Your roles do not show what was written.</p>
        ) : (
          <Verbatim text={row.text} multiline className="mt-1 block border-l-2 border-line-strong pl-3 text-sm" />
        )}
      </div>
      <Link href={`/ledger/${row.seq}`} prefetch={false} className={classNames('text-sm', link)}>
        Row {row.seq}
      </Link>
    </li>
  );
}
