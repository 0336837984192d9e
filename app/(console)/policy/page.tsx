import type { Metadata } from 'next';
import Link from 'next/link';
import { PolicyListTable } from '@/components/policy/list';
import { buttonLook } from '@/components/ui/button';
import { Empty, Page } from '@/components/ui/page';
import { requirePermission } from '@/lib/http/actor';
import { may } from '@/lib/people/permissions';
import { listPolicies } from '@/lib/policy/reading';

export const metadata: Metadata = { title: 'Policies' };

export default async function PoliciesPage() {
  const person = await requirePermission('policy:read');
  const items = await listPolicies(person);
  const write = may(person, 'policy:edit') ? (
    <Link href="/policy/new" className={buttonLook({ tone: 'primary' })}>
      Write a policy
    </Link>
  ) : null;
  return (
    <Page
      title="Policies"
      intro="Where each tier begins, for which agents and actions. The most specific default counts, and every guardrail. What one person writes comes into force when others sign it."
      actions={write}
    >
      {items.length === 0 ? (
        <Empty title="No policy is in force" action={write}>
          Without a policy that covers an action, every check of it is halted (Tier 4). Write one for the whole organisation first.
        </Empty>
      ) : (
        <PolicyListTable items={items} />
      )}
    </Page>
  );
}
