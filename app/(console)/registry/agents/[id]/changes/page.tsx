import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ChangeList } from '@/components/lifecycle/change-list';
import { agentHref } from '@/components/registry/agents/address';
import { Empty } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { listChanges } from '@/lib/lifecycle/reading';
import { ChangeId, ChangeQuery } from '@/lib/lifecycle/schema';
import { agentView } from '../view';

export const metadata: Metadata = { title: 'Changes of an agent' };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ after?: string | string[] }> };

export default async function AgentChangesPage({ params, searchParams }: Props) {
  const person = await requirePermission('agents:read');
  const view = await agentView(person, (await params).id);
  if (!view) notFound();
  const { id } = view.agent;
  const after = ChangeId.safeParse((await searchParams).after);
  const page = await listChanges(person, ChangeQuery.parse({ agent: id, ...(after.success ? { after: after.data } : {}) }));
  return (
    <div className="py-3">
      {page.rows.length === 0 ? (
        <Empty title="Nobody has asked for a change of it">
          Once it was reviewed, its purpose, triggers, permissions, model and people change when another person approves. Ask for it with
          Edit; what was asked, by whom and what became of it is kept here.
        </Empty>
      ) : (
        <ChangeList
          caption="Change requests of this agent, newest first"
          page={page}
          older={(next) => `${agentHref(id, 'changes')}?after=${next}`}
          agents={false}
        />
      )}
    </div>
  );
}
