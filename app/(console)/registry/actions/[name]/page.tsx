import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ActionPage } from '@/components/registry/actions/view';
import { requirePermission } from '@/lib/http/actor';
import { may } from '@/lib/people/permissions';
import { readActionView } from '@/lib/registry/reading/actions';
import { ActionSlug } from '@/lib/registry/schema';

export const metadata: Metadata = { title: 'Action type' };

export default async function ActionTypePage({ params }: { params: Promise<{ name: string }> }) {
  const person = await requirePermission('agents:read');
  const name = ActionSlug.safeParse((await params).name);
  const view = name.success ? await readActionView(name.data) : undefined;
  if (!view) notFound();
  return <ActionPage view={view} mayClassify={may(person, 'actions:classify')} />;
}
