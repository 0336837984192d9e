import type { Metadata } from 'next';
import { ProcessForm } from '@/components/raci/process-form';
import { requirePermission } from '@/lib/http/actor';
import { listOwners } from '@/lib/raci/reading';
import { viewOf } from '../view';

export const metadata: Metadata = { title: 'Edit a process' };

export default async function EditProcessPage({ params }: { params: Promise<{ id: string }> }) {
  await requirePermission('processes:manage');
  const { process } = await viewOf((await params).id);
  return <ProcessForm process={process} owners={await listOwners()} />;
}
