'use client';

import { useParams, useSearchParams } from 'next/navigation';
import { classNames } from '@/components/ui/class-names';
import { Tabs } from '@/components/ui/tabs';
import type { ApprovalPage } from '@/lib/check/reading/schema';
import { isNarrowed, readView, viewQuery, type Tab } from './address';
import { Filters, type Choices } from './filters';
import { Halts } from './halts';
import { useCounts, useFollow } from './queries';
import { Requests } from './requests';
import { Supervised } from './supervised';

type Props = {
  /** The first page of `home`, not narrowed. */
  initial: ApprovalPage;
  /** What an address without a tab shows: what waits for this person, or all that waits to those who never sign. */
  home: 'mine' | 'waiting';
  signs: boolean;
  releases: boolean;
  choices: Choices;
};

/** Inbox stays where it is while the panel beside it changes: its scroll, its order, its tab and its filters are kept. */
export function Inbox({ initial, home, signs, releases, choices }: Props) {
  useFollow();
  const search = useSearchParams();
  const view = readView(search, home);
  const open = useParams<{ id?: string }>().id;
  const counts = useCounts(home, initial);
  const href = (tab: Tab) => `/approvals${viewQuery({ tab, filter: {} }, home)}`;
  const tab = (name: Tab, label: string, count?: number) => ({ href: href(name), label, count, active: view.tab === name });
  const query = viewQuery(view, home);
  const list = { open, query };

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
            ...(signs ? [tab('mine', 'For me', counts.mine)] : []),
            tab('waiting', 'All waiting', counts.waiting),
            tab('supervised', 'Supervised', counts.supervised),
            ...(releases || view.tab === 'halts' ? [tab('halts', 'Halts', counts.halts)] : []),
            tab('decided', 'Decided'),
          ]}
        />
        {view.tab === 'halts' ? null : <Filters view={view} home={home} choices={choices} />}
      </div>
      <div className="min-h-0 flex-1 lg:overflow-y-auto">
        {view.tab === 'halts' ? (
          <Halts view={view} {...list} />
        ) : view.tab === 'supervised' ? (
          <Supervised key={query} view={view} {...list} />
        ) : (
          <Requests
            key={query}
            view={{ tab: view.tab, filter: view.filter }}
            initial={view.tab === home && !isNarrowed(view.filter) ? initial : undefined}
            {...list}
          />
        )}
      </div>
      <p className="border-t border-line px-4 py-2 text-xs text-ink-2 max-lg:hidden">
        <kbd>j</kbd>/<kbd>k</kbd> move · <kbd>a</kbd> approve · <kbd>r</kbd> reject · <kbd>?</kbd> all keys
      </p>
    </section>
  );
}
