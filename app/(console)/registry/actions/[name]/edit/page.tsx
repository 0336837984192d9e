import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ActionForm } from '@/components/registry/actions/form/form';
import { Verbatim } from '@/components/text/verbatim';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { readFormOptions } from '@/lib/registry/reading/actions';
import { actionSlug, ActionSlug } from '@/lib/registry/schema';
import { findRecordedActionType } from '@/lib/registry/service';

export const metadata: Metadata = { title: 'Classify an action type' };

export default async function EditActionPage({ params }: { params: Promise<{ name: string }> }) {
  await requirePermission('actions:classify');
  const name = ActionSlug.safeParse((await params).name);
  const [recorded, options] = await Promise.all([name.success ? findRecordedActionType(name.data) : undefined, readFormOptions()]);
  if (!recorded) notFound();
  const { type, changedAt } = recorded;
  return (
    <Page
      up={{ href: `/registry/actions/${actionSlug(type.name)}`, label: 'The action type' }}
      title={<Verbatim text={type.title} />}
      intro={`Version ${type.version}. A changed parameter schema makes the next one.`}
    >
      <ActionForm key={changedAt.toISOString()} options={options} recorded={{ type, changedAt: changedAt.toISOString() }} />
    </Page>
  );
}
