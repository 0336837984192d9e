import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { About } from '@/components/policy/about';
import { Changes } from '@/components/policy/changes';
import { Ladders } from '@/components/policy/ladders';
import { Says } from '@/components/policy/says';
import { whoWords } from '@/components/policy/versions';
import { Digest } from '@/components/text/digest';
import { Section } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { policyChanges } from '@/lib/policy/domain/changes';
import { readPolicyVersion } from '@/lib/policy/reading';
import { PolicyId } from '@/lib/policy/schema';

export const metadata: Metadata = { title: 'Policy version' };

const Params = z.object({ id: PolicyId, version: z.coerce.number().int().min(1).max(2_147_483_647) });

export default async function PolicyVersionPage({ params }: { params: Promise<{ id: string; version: string }> }) {
  await requirePermission('policy:read');
  const asked = Params.safeParse(await params);
  const found = asked.success ? await readPolicyVersion(asked.data.id, asked.data.version) : undefined;
  if (!asked.success || !found) notFound();
  const { shown, before, inForce, naming } = found;
  return (
    <Page
      title={`${shown.document.name}, version ${shown.version}`}
      intro={
        <>
          {shown.status === 'active' ? 'In force' : inForce === null ? 'No longer in force' : `No longer in force: version ${inForce} is`}
          {shown.since === null ? null : (
            <>
              , published <Exact at={shown.since} />
            </>
          )}
          . {whoWords(shown)}.{shown.note === '' ? null : <span className="block whitespace-pre-wrap">{shown.note}</span>}
        </>
      }
      up={{ href: `/policy/${asked.data.id}`, label: 'All versions' }}
    >
      <Section title="What it asks">
        <Says policy={shown.document} naming={naming} />
      </Section>
      <Section title="Ladders">
        <Ladders ladders={shown.document.ladders} />
      </Section>
      {before ? (
        <Section title={`What changed from version ${before.version}`}>
          <Changes
            changes={policyChanges(before.document, shown.document, (id) => naming.holders[id] ?? null)}
            titles={[`Version ${before.version}`, `Version ${shown.version}`]}
          />
        </Section>
      ) : null}
      <Section title="What it is for">
        <About policy={shown.document} naming={naming} />
      </Section>
      <Section title="Document" aside="its digest is in the ledger">
        <Digest value={shown.digest} label="the digest" />
      </Section>
    </Page>
  );
}
