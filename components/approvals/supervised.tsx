'use client';

import { useState } from 'react';
import { useNow } from '@/components/text/now';
import { clockTime, timeLeft } from '@/components/text/time';
import { TierMark } from '@/components/text/verdict';
import type { SupervisedItem } from '@/lib/check/reading/schema';
import type { View } from './address';
import { EmptyTab } from './empty';
import { More } from './more';
import { keepOrder, type Kept } from './order';
import { useSupervised } from './queries';
import { Row } from './row';
import { useSteps } from './steps';

type Shown = SupervisedItem & { id: string };

/** Supervised is what agents did without asking and what can still be undone, the deadline that comes first in front. */
export function Supervised({ view, open, query: search }: { view: View; open: string | undefined; query: string }) {
  const query = useSupervised(view.filter);
  const fresh = query.data?.pages.flatMap((page) => page.items.map((item) => ({ ...item, id: item.decisionId }))) ?? [];
  const [kept, setKept] = useState<{ data: unknown; shown: Kept<Shown>[] }>(() => ({
    data: query.data,
    shown: keepOrder<Shown>([], fresh),
  }));
  if (kept.data !== query.data) setKept({ data: query.data, shown: keepOrder(kept.shown, fresh) });
  const hrefOf = (id: string) => `/approvals/decisions/${id}${search}`;
  useSteps(
    kept.shown.map(({ item }) => hrefOf(item.id)),
    open === undefined ? undefined : hrefOf(open),
  );
  return (
    <>
      {kept.shown.length === 0 && !query.isPending ? <EmptyTab view={view} answersFor={query.data?.pages[0]?.answersFor} /> : null}
      <ul data-supervised className="border-t border-line">
        {kept.shown.map(({ item, gone }) => (
          <Row
            key={item.id}
            href={hrefOf(item.id)}
            open={item.id === open}
            gone={gone}
            mark={<TierMark tier={2} short />}
            sentence={item.sentence}
            below={
              <>
                <span>
                  {item.agent.name}
                  {item.amount === null ? '' : ` · ${item.amount}`}
                </span>
                <Until at={item.until} gone={gone} />
              </>
            }
            aside={null}
          />
        ))}
      </ul>
      <More query={query} word="Show later ones" />
    </>
  );
}

function Until({ at, gone }: { at: string; gone: boolean }) {
  const now = useNow();
  if (now === null) return <time dateTime={at}>can be reversed until {at.slice(11, 16)} UTC</time>;
  const left = Date.parse(at) - now;
  if (gone || left <= 0) return <span>can no longer be reversed</span>;
  return (
    <time dateTime={at}>
      can be reversed until {clockTime(at, now)} ({timeLeft(left)} left)
    </time>
  );
}
