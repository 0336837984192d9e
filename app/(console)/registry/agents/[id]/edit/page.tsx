import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { agentHref } from '@/components/registry/agents/address';
import { EditAgentForm } from '@/components/registry/agents/edit-form';
import { Verbatim } from '@/components/text/verbatim';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { readAskedRecord, readOpenChange } from '@/lib/lifecycle/reading';
import { ChangeId } from '@/lib/lifecycle/schema';
import { answerOf } from '@/lib/registry/reading';
import { formOptions } from '../../options';
import { agentView } from '../view';

export const metadata: Metadata = { title: 'Edit an agent' };

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ from?: string | string[] }> };

/** The form of a record. `?from=` begins it with what an earlier change request wanted. */
export default async function EditAgentPage({ params, searchParams }: Props) {
  const person = await requirePermission('agents:read');
  const view = await agentView(person, (await params).id);
  if (!view || view.whyNotEdit !== null) notFound();
  const { agent, asks } = view;
  const from = ChangeId.safeParse((await searchParams).from);
  const [options, open, asked] = await Promise.all([
    formOptions(),
    readOpenChange(agent.id),
    from.success ? readAskedRecord(agent, from.data) : undefined,
  ]);
  return (
    <Page
      narrow
      up={{ href: agentHref(agent.id), label: agent.name }}
      title={
        <>
          Edit <Verbatim text={agent.name} />
        </>
      }
      intro={
        asks.length === 0
          ? undefined
          : 'It may act: what says “by request” changes only once another person has approved it, and this form then asks why.'
      }
    >
      <EditAgentForm agent={answerOf(agent)} options={options} asks={asks} open={open ?? null} asked={asked ? answerOf(asked) : null} />
    </Page>
  );
}
