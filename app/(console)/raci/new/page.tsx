import type { Metadata } from 'next';
import { ProcessForm } from '@/components/raci/process-form';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { listOwners } from '@/lib/raci/reading';

export const metadata: Metadata = { title: 'Add a process' };

export default async function NewProcessPage() {
  await requirePermission('processes:manage');
  return (
    <Page
      title="Add a process"
      intro="Its matrix is filled in from the template, and can be edited once it is there."
      up={{ href: '/raci', label: 'Processes' }}
      narrow
    >
      <ProcessForm owners={await listOwners()} />
    </Page>
  );
}
