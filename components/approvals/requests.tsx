'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Ago, Left } from '@/components/text/time';
import { dimensionWord, TierMark } from '@/components/text/verdict';
import { Button } from '@/components/ui/button';
import { waitingPageMax } from '@/lib/approvals/schema';
import { ApprovalCard, type ApprovalItem, type ApprovalPage } from '@/lib/check/reading/schema';
import type { View } from './address';
import { EmptyTab } from './empty';
import { isSorted, keepOrder, type Kept } from './order';
import { More } from './more';
import { useApprovals } from './queries';
import { Row } from './row';
import { StateMark } from './state';
import { useSteps } from './steps';

type Props = {
  view: View & { tab: 'mine' | 'waiting' | 'decided' };
  initial: ApprovalPage | undefined;
  open: string | undefined;
  query: string;
};

/** Requests is one tab of requests. What waits stays where it stands while the list is live; what is over stands by time. */
export function Requests({ view, initial, open, query: search }: Props) {
  const query = useApprovals(view.tab, view.filter, initial);
  const fresh = query.data?.pages.flatMap((page) => page.items) ?? [];
  const { shown, sorted, sort } = useKeptOrder(query.data, fresh);
  const rows = view.tab === 'decided' ? fresh.map((item) => ({ item, gone: false })) : shown;
  useSteps(
    rows.map(({ item }) => `/approvals/${item.id}${search}`),
    open === undefined ? undefined : `/approvals/${open}${search}`,
  );
  return (
    <>
      {rows.length === 0 && !query.isPending ? <EmptyTab view={view} counts={query.data?.pages[0]?.counts} /> : null}
      {!sorted && view.tab !== 'decided' ? (
        <p className="flex items-center justify-between gap-3 border-t border-line px-4 py-1.5 text-sm text-ink-2">
          New ones are below.
          <Button tone="quiet" onClick={sort}>
            Sort by urgency
          </Button>
        </p>
      ) : null}
      <ul data-approvals className="border-t border-line">
        {rows.map(({ item, gone }) => (
          <Request key={item.id} item={item} gone={gone} open={item.id === open} href={`/approvals/${item.id}${search}`} tab={view.tab} />
        ))}
      </ul>
      <More query={query} />
      {view.tab !== 'decided' && fresh.length >= waitingPageMax ? (
        <p className="px-4 py-3 text-sm text-ink-2">These are the {waitingPageMax} most pressing; narrow the list to see others.</p>
      ) : null}
    </>
  );
}

function useKeptOrder(data: unknown, fresh: readonly ApprovalItem[]) {
  const [kept, setKept] = useState<{ data: unknown; shown: Kept<ApprovalItem>[] }>(() => ({ data, shown: keepOrder([], fresh) }));
  if (kept.data !== data) setKept({ data, shown: keepOrder(kept.shown, fresh) });
  return { shown: kept.shown, sorted: isSorted(kept.shown, fresh), sort: () => setKept({ data, shown: keepOrder([], fresh) }) };
}

function Request({ item, gone, open, href, tab }: { item: ApprovalItem; gone: boolean; open: boolean; href: string; tab: View['tab'] }) {
  const notMine = item.state === 'waiting' && !item.mine && !gone;
  return (
    <Row
      href={href}
      open={open}
      gone={gone}
      mark={<TierMark tier={item.tier} short />}
      sentence={item.sentence}
      long={item.state !== 'waiting' && !gone}
      below={
        <>
          <span>
            {item.agent.name}
            {item.deciding.length > 0 ? ` · ${item.deciding.map(dimensionWord).join(', ')}` : ''}
            {notMine && tab === 'waiting' ? ' · not yours to decide' : ''}
          </span>
          {item.called === null || gone ? null : (
            <span className="font-medium text-ink" data-called={item.called}>
              {item.called === 'backup' ? 'You were called as backup' : 'You were called: you answer for this'}
            </span>
          )}
        </>
      }
      aside={
        gone ? (
          <Gone id={item.id} />
        ) : item.state === 'waiting' ? (
          <Left at={item.expiresAt} />
        ) : (
          <>
            <StateMark state={item.state} />
            <span className="block text-xs">
              {item.decidedBy?.name ?? ''} <Ago at={item.decidedAt ?? item.expiresAt} />
            </span>
          </>
        )
      }
    />
  );
}

/** What became of a request that left the list, when its card was on the screen. */
function Gone({ id }: { id: string }) {
  const client = useQueryClient();
  const card = ApprovalCard.safeParse(client.getQueryData(['approvals', 'card', id]));
  if (card.success && card.data.state !== 'waiting') return <StateMark state={card.data.state} />;
  return <>no longer waits</>;
}
