import type { Metadata } from 'next';
import { NewPolicyForm } from '@/components/policy/new';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';

export const metadata: Metadata = { title: 'Write a policy' };

export default async function NewPolicyPage() {
  await requirePermission('policy:edit');
  return (
    <Page
      narrow
      title="Write a policy"
      intro="It begins as a draft: nothing changes until others have signed it."
      up={{ href: '/policy', label: 'Policies' }}
    >
      <NewPolicyForm />
    </Page>
  );
}
