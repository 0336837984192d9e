import type { ReactNode } from 'react';
import { Page } from '@/components/ui/page';
import { Tabs } from '@/components/ui/tabs';

const tabs = [
  { href: '/containment', label: 'Stops' },
  { href: '/containment/halts', label: 'Halts' },
  { href: '/containment/breakers', label: 'Circuit breakers' },
  { href: '/containment/drills', label: 'Drills' },
  { href: '/containment/gateways', label: 'Gateways' },
] as const;

type Props = { at: (typeof tabs)[number]['href']; children: ReactNode };

/** ContainmentFrame is the head of the pages about stopping: what is stopped, and whether it holds. */
export function ContainmentFrame({ at, children }: Props) {
  return (
    <Page title="Containment" intro="Stops that people set from outside the agent, and proof that every gateway holds them.">
      <div className="mb-4 border-b border-line pb-2">
        <Tabs label="Containment" tabs={tabs.map((tab) => ({ ...tab, active: tab.href === at }))} />
      </div>
      {/* The line under the tabs is the first section's, too. */}
      <div className="[&>section:first-child]:border-t-0 [&>section:first-child]:pt-0">{children}</div>
    </Page>
  );
}
