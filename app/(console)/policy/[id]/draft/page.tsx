import type { Metadata } from 'next';
import { notFound, redirect } from 'next/navigation';
import { Draft } from '@/components/policy/draft';
import { listOf } from '@/components/policy/words';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { readDraft, readFormOptions, readPolicy } from '@/lib/policy/reading';
import type { DraftPage } from '@/lib/policy/reading/schema';
import { PolicyId } from '@/lib/policy/schema';

export const metadata: Metadata = { title: 'Policy draft' };

export default async function PolicyDraftPage({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('policy:read');
  const id = PolicyId.safeParse((await params).id);
  if (!id.success) notFound();
  const draft = await readDraft(person, id.data);
  if (!draft) {
    // Published or discarded meanwhile: the policy says which; one that is gone is missing.
    if (await readPolicy(person, id.data)) redirect(`/policy/${id.data}`);
    notFound();
  }
  const options = draft.mayEdit ? await readFormOptions(draft.id) : null;
  const inForce = draft.inForce !== null;
  return (
    <Page
      title={`${draft.document.name}, draft of version ${draft.version}`}
      intro={<Intro draft={draft} />}
      up={
        inForce ? { href: `/policy/${draft.id}`, label: draft.inForce?.document.name ?? 'Policy' } : { href: '/policy', label: 'Policies' }
      }
    >
      <Draft initial={draft} options={options} />
    </Page>
  );
}

function Intro({ draft }: { draft: DraftPage }) {
  if (draft.status === 'in_review') return <>Read what changes, then sign exactly this document or send it back.</>;
  if (draft.mayEdit) return <>It changes nothing until it is sent for signing and others have signed.</>;
  return <>Being written by {listOf(draft.editors, 'and')}. Only people with the role risk or admin write policies.</>;
}
