'use client';

import Link from 'next/link';
import { useParams, useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useLayoutEffect, useRef, useTransition } from 'react';
import { useKeys } from '@/components/keys/provider';
import { Ago, Left } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { dimensionWord, TierMark } from '@/components/text/verdict';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { Tabs } from '@/components/ui/tabs';
import { waitingPageMax } from '@/lib/approvals/schema';
import { type ApprovalItem, type ApprovalPage } from '@/lib/check/reading/schema';
import { useApprovals, useFollow, type Tab } from './queries';
import { StateMark } from './state';

const tabQuery = (tab: Tab): string => (tab === 'waiting' ? '' : '?tab=decided');

/** ApprovalList stays where it is while the panel beside it changes: its scroll, its order and its tab are kept. */
export function ApprovalList({ initial }: { initial: ApprovalPage }) {
  useFollow();
  const tab: Tab = useSearchParams().get('tab') === 'decided' ? 'decided' : 'waiting';
  const open = useParams<{ id?: string }>().id;
  const router = useRouter();
  const query = useApprovals(tab, tab === 'waiting' ? initial : undefined);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const waiting = query.data?.pages[0]?.waiting ?? initial.waiting;
  // Keys may come faster than pages: each goes on from where the one before was going.
  const going = useRef(open);
  const [moving, startMoving] = useTransition();
  useLayoutEffect(() => {
    if (!moving) going.current = open;
  }, [open, moving]);
  const step = (by: 1 | -1) => () => {
    const at = items.findIndex((item) => item.id === going.current);
    const item = items[at === -1 ? 0 : Math.min(Math.max(at + by, 0), items.length - 1)];
    if (!item || item.id === going.current) return;
    going.current = item.id;
    startMoving(() => router.push(`/approvals/${item.id}${tabQuery(tab)}`, { scroll: false }));
  };
  useKeys({ next: step(1), previous: step(-1) });

  return (
    <section
      aria-label="Approvals"
      className={classNames('flex min-h-0 flex-col border-line lg:border-r', open !== undefined && 'max-lg:hidden')}
    >
      <div className="flex flex-col gap-2 px-4 pt-4 pb-2">
        <h1>Approvals</h1>
        <Tabs
          label="Approvals by state"
          tabs={[
            { href: '/approvals', label: 'Waiting', count: waiting, active: tab === 'waiting' },
            { href: '/approvals?tab=decided', label: 'Decided', active: tab === 'decided' },
          ]}
        />
      </div>
      <div className="min-h-0 flex-1 lg:overflow-y-auto">
        {items.length === 0 && !query.isPending ? <Empty tab={tab} /> : null}
        {query.isError ? (
          <p className="px-4 py-2 text-sm text-danger">The list could not be read again. What is shown may be old.</p>
        ) : null}
        <ul data-approvals className="border-t border-line">
          {items.map((item) => (
            <Item key={item.id} item={item} open={item.id === open} tab={tab} />
          ))}
        </ul>
        {query.hasNextPage ? (
          <div className="flex justify-center py-3">
            <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
              {query.isFetchingNextPage ? 'Reading…' : 'Show older'}
            </Button>
          </div>
        ) : null}
        {tab === 'waiting' && waiting > waitingPageMax ? (
          <p className="px-4 py-3 text-sm text-ink-2">
            The {waitingPageMax} most pressing of {waiting}.
          </p>
        ) : null}
      </div>
      <p className="border-t border-line px-4 py-2 text-xs text-ink-2 max-lg:hidden">
        <kbd>j</kbd>/<kbd>k</kbd> move · <kbd>a</kbd> approve · <kbd>r</kbd> reject · <kbd>?</kbd> all keys
      </p>
    </section>
  );
}

function Item({ item, open, tab }: { item: ApprovalItem; open: boolean; tab: Tab }) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (open) link.current?.scrollIntoView({ block: 'nearest' });
  }, [open]);
  return (
    <li className="border-b border-line">
      <Link
        ref={link}
        href={`/approvals/${item.id}${tabQuery(tab)}`}
        scroll={false}
        prefetch={false}
        aria-current={open ? 'true' : undefined}
        className={classNames(
          'grid grid-cols-[24px_minmax(0,1fr)_auto] gap-x-2 px-4 py-2.5 -outline-offset-2',
          open ? 'bg-accent-soft' : 'hover:bg-sunken',
        )}
      >
        <span className="pt-px text-sm">
          <TierMark tier={item.tier} short />
        </span>
        <span className="min-w-0">
          <Verbatim text={item.sentence} className="line-clamp-2 text-base font-medium" />
          <span className="mt-0.5 block truncate text-sm text-ink-2">
            {item.agent.name}
            {item.deciding.length > 0 ? ` · ${item.deciding.map(dimensionWord).join(', ')}` : ''}
            {item.state === 'waiting' && !item.mine ? ' · not yours to decide' : ''}
          </span>
        </span>
        <span className="text-right text-sm text-ink-2">
          {item.state === 'waiting' ? (
            <Left at={item.expiresAt} />
          ) : (
            <>
              <StateMark state={item.state} />
              <span className="block text-xs">
                {item.decidedBy?.name ?? ''} <Ago at={item.decidedAt ?? item.expiresAt} />
              </span>
            </>
          )}
        </span>
      </Link>
    </li>
  );
}

function Empty({ tab }: { tab: Tab }) {
  return (
    <div className="px-4 py-6">
      <h2 className="text-base font-semibold">{tab === 'waiting' ? 'Nothing waits' : 'Nothing was decided yet'}</h2>
      <p className="mt-1 max-w-[48ch] text-ink-2">
        {tab === 'waiting'
          ? 'When an agent asks for something that needs a person, it stands here until somebody decides or its deadline refuses it.'
          : 'What was approved, rejected or refused by its deadline stands here, with who decided.'}
      </p>
      <p className="mt-3">
        <Link href="/ledger" className="text-accent underline underline-offset-2">
          See what agents did
        </Link>
      </p>
    </div>
  );
}
