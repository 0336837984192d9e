import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { About } from '@/components/policy/about';
import { Ladders } from '@/components/policy/ladders';
import { Says } from '@/components/policy/says';
import { StartDraft } from '@/components/policy/start';
import { Versions, whoWords } from '@/components/policy/versions';
import { draftNeeds, listOf } from '@/components/policy/words';
import { Section } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { buttonLook } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { Notice, Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { readPolicy } from '@/lib/policy/reading';
import type { PolicyPage } from '@/lib/policy/reading/schema';
import { PolicyId } from '@/lib/policy/schema';

export const metadata: Metadata = { title: 'Policy' };

export default async function PolicyOverview({ params }: { params: Promise<{ id: string }> }) {
  const person = await requirePermission('policy:read');
  const id = PolicyId.safeParse((await params).id);
  const policy = id.success ? await readPolicy(person, id.data) : undefined;
  if (!policy) notFound();
  const { latest, versions, draft, mayEdit, naming } = policy;
  return (
    <Page
      title={latest?.document.name ?? 'New policy'}
      intro={<Standing policy={policy} />}
      up={{ href: '/policy', label: 'Policies' }}
      actions={<Actions policy={policy} />}
    >
      <div className="flex flex-col gap-4">
        {draft ? (
          <Notice>
            Version {draft.version} is a draft. {draftNeeds(draft)}.{' '}
            <Link href={`/policy/${policy.id}/draft`} className={link}>
              Look at it
            </Link>
          </Notice>
        ) : null}
        {latest ? (
          <div>
            <Section title="What it asks">
              <Says policy={latest.document} naming={naming} />
            </Section>
            <Section title="Ladders" aside="the value at which each tier begins">
              <Ladders ladders={latest.document.ladders} />
            </Section>
            <Section title="What it is for">
              <About policy={latest.document} naming={naming} />
            </Section>
            <Section title="Versions" aside="newest first; nothing is ever removed">
              <Versions id={policy.id} versions={versions} mayGoBack={mayEdit && draft === null} />
            </Section>
          </div>
        ) : (
          <p className="text-ink-2">It has never been in force.</p>
        )}
        {mayEdit ? null : (
          <p className="max-w-[72ch] text-sm text-ink-2">
            Policies are written by people with the role risk or admin: {listOf(policy.editors, 'and')}.
          </p>
        )}
      </div>
    </Page>
  );
}

function Standing({ policy: { latest } }: { policy: PolicyPage }) {
  if (!latest) return <>Not in force yet.</>;
  const words =
    latest.status === 'active' ? `Version ${latest.version} is in force` : `Version ${latest.version} was the last; none is in force`;
  return (
    <>
      {words}
      {latest.since === null ? null : (
        <>
          {latest.status === 'active' ? ' since ' : ', published '}
          <Exact at={latest.since} />
        </>
      )}
      . {whoWords(latest)}.{latest.note === '' ? null : <span className="block whitespace-pre-wrap">{latest.note}</span>}
    </>
  );
}

function Actions({ policy: { id, draft, mayEdit } }: { policy: PolicyPage }) {
  if (draft)
    return (
      <Link href={`/policy/${id}/draft`} className={buttonLook({ tone: 'primary' })}>
        {draft.status === 'in_review' ? 'Open the review' : 'Open the draft'}
      </Link>
    );
  return mayEdit ? <StartDraft id={id} label="Change it" tone="primary" /> : null;
}
