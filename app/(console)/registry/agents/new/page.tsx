import type { Metadata } from 'next';
import { NewAgentForm } from '@/components/registry/agents/form';
import { Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { formOptions } from '../options';

export const metadata: Metadata = { title: 'Register an agent' };

export default async function NewAgentPage() {
  await requirePermission('agents:register');
  return (
    <Page
      narrow
      up={{ href: '/registry/agents', label: 'Agents' }}
      title="Register an agent"
      intro="It begins as a draft: nothing it asks is answered until another person has reviewed this and who answers for it has activated it."
    >
      <NewAgentForm options={await formOptions()} />
    </Page>
  );
}
