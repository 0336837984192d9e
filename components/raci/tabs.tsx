'use client';

import { usePathname } from 'next/navigation';
import { Tabs } from '@/components/ui/tabs';

/** ProcessTabs are the pages of one process. */
export function ProcessTabs({ id, agents }: { id: string; agents: number }) {
  const pathname = usePathname();
  const at = `/raci/${id}`;
  const tab = (href: string, label: string, count?: number) => ({
    href,
    label,
    ...(count === undefined ? {} : { count }),
    active: href === at ? pathname === at : pathname.startsWith(href),
  });
  return (
    <div className="mb-4 overflow-x-auto print:hidden">
      <Tabs
        label="Process"
        tabs={[
          tab(at, 'Matrix'),
          tab(`${at}/agents`, 'Agents', agents),
          tab(`${at}/activity`, 'Activity'),
          tab(`${at}/history`, 'History'),
        ]}
      />
    </div>
  );
}
