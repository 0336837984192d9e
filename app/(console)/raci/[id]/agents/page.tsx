import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ProcessAgents } from '@/components/raci/agents';
import { Editor } from '@/components/raci/editor';
import { Gaps } from '@/components/raci/gaps';
import { Empty } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { may } from '@/lib/people/permissions';
import { viewOf } from '../view';

export const metadata: Metadata = { title: 'Agents of a process' };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ProcessAgentsPage({ params, searchParams }: Props) {
  const person = await requirePermission('raci:read');
  const view = await viewOf((await params).id);
  const mayEdit = may(person, 'raci:manage');
  const { edit } = await searchParams;
  if (mayEdit && edit !== undefined) {
    const agent = view.agents.find(({ id }) => id === edit);
    if (!agent) notFound();
    return (
      <>
        <h2 className="mb-2">Exceptions for {agent.name}</h2>
        <Editor view={view} agent={agent} rows={agent.exceptions} back={`/raci/${view.process.id}/agents`} />
      </>
    );
  }
  if (view.agents.length === 0)
    return <Empty title="No agent works in this process">An engineer registers agents; each names the process it works in.</Empty>;
  return (
    <div className="flex flex-col gap-3">
      <Gaps gaps={view.gaps.filter(({ agentId }) => agentId !== null)} view={view} />
      <p className="max-w-[72ch] text-ink-2">
        What the matrix says holds for every agent of the process. An exception replaces it in one stage, for one agent.
      </p>
      <ProcessAgents view={view} mayEdit={mayEdit} />
    </div>
  );
}
