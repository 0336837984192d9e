import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { agentHref } from '@/components/registry/agents/address';
import { EditAgentForm } from '@/components/registry/agents/form';
import { Verbatim } from '@/components/text/verbatim';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { answerOf } from '@/lib/registry/reading';
import { formOptions } from '../../options';
import { agentView } from '../view';

export const metadata: Metadata = { title: 'Edit an agent' };

export default async function EditAgentPage({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('agents:read');
  const view = await agentView(person, (await params).id);
  if (!view || view.whyNotEdit !== null) notFound();
  const { agent, whyNotPermit } = view;
  return (
    <Page
      narrow
      up={{ href: agentHref(agent.id), label: agent.name }}
      title={
        <>
          Edit <Verbatim text={agent.name} />
        </>
      }
    >
      <EditAgentForm agent={answerOf(agent)} options={await formOptions()} note={whyNotPermit} />
    </Page>
  );
}
