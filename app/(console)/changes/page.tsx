import type { Metadata } from 'next';
import { ChangeList } from '@/components/lifecycle/change-list';
import { changeStatusWords } from '@/components/lifecycle/change-words';
import { Empty, Page } from '@/components/ui/page';
import { Tabs } from '@/components/ui/tabs';
import { requirePermission } from '@/lib/http/actor';
import { listChanges, listMyChangeRequests } from '@/lib/lifecycle/reading';
import { changesPageMax, changeStatuses, ChangeQuery, type ChangeStatus } from '@/lib/lifecycle/schema';

export const metadata: Metadata = { title: 'Changes' };

type Search = Promise<Record<string, string | string[] | undefined>>;

const hrefOf = (status: ChangeStatus, after?: string): string => {
  const search = new URLSearchParams({ ...(status === 'open' ? {} : { status }), ...(after === undefined ? {} : { after }) }).toString();
  return search === '' ? '/changes' : `/changes?${search}`;
};

/** What is asked of agents that may act: first what waits, then what became of the rest. */
export default async function ChangesPage({ searchParams }: { searchParams: Search }) {
  const person = await requirePermission('agents:read');
  const parsed = ChangeQuery.safeParse(await searchParams);
  const query = parsed.success ? parsed.data : ChangeQuery.parse({});
  const status = query.status ?? 'open';
  const [page, mine] = await Promise.all([listChanges(person, { ...query, status }), listMyChangeRequests(person, changesPageMax)]);
  return (
    <Page
      title="Changes"
      intro="What an agent is, what it may ask for and who answers for it change by a request that another person approves, once it was reviewed."
    >
      <div className="mb-3">
        <Tabs
          label="Requests by state"
          tabs={changeStatuses.map((one) => ({ href: hrefOf(one), label: changeStatusWords[one], active: one === status }))}
        />
      </div>
      {page.rows.length === 0 ? (
        <Empty title={status === 'open' ? 'Nothing waits for an answer' : 'Nothing here yet'}>
          When somebody wants to change the purpose, triggers, permissions, model or owner of an agent that may act, the request stands here
          until another person has answered. It begins with Edit on the agent’s page.
        </Empty>
      ) : (
        <ChangeList
          caption="Change requests, newest first"
          page={page}
          older={(after) => hrefOf(status, after)}
          mine={new Set(mine.items.map(({ id }) => id))}
          agents
        />
      )}
    </Page>
  );
}
