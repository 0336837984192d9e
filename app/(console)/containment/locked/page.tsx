import type { Metadata } from 'next';
import { LockStory } from '@/components/containment/lock-story';
import { Page } from '@/components/ui/page';
import { readLocks } from '@/lib/containment/reading';
import { requirePermission } from '@/lib/http/actor';

export const metadata: Metadata = { title: 'Locked gateways' };

export default async function LockedPage() {
  const person = await requirePermission('ledger:read');
  return (
    <Page
      title="Locked gateways"
      intro="After a restore of an older backup no gateway decides anything until two people say that it goes on."
      up={{ href: '/containment/gateways', label: 'Gateways' }}
    >
      <LockStory initial={await readLocks(person)} />
    </Page>
  );
}
