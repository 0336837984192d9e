'use client';

import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { Page } from '@/components/ui/page';
import { Tabs } from '@/components/ui/tabs';
import { agentHref } from './address';

const tabs = [
  { tab: '', label: 'Overview' },
  { tab: 'permissions', label: 'Permissions' },
  { tab: 'tiers', label: 'Effective tiers' },
  { tab: 'decisions', label: 'Decisions' },
  { tab: 'credentials', label: 'Credentials' },
  { tab: 'changes', label: 'Changes' },
  { tab: 'history', label: 'History' },
] as const;

type Props = { id: string; title: ReactNode; line: ReactNode; actions: ReactNode; children: ReactNode };

/** AgentFrame is what stands around every page of an agent: who it is and the ways to its other pages. A form has the page to itself. */
export function AgentFrame({ id, title, line, actions, children }: Props) {
  const here = usePathname().split('/')[4] ?? '';
  if (here === 'edit') return children;
  const nav = (
    <div className="-mx-1 overflow-x-auto px-1 py-1">
      <Tabs label="About this agent" tabs={tabs.map(({ tab, label }) => ({ href: agentHref(id, tab), label, active: tab === here }))} />
    </div>
  );
  return (
    <Page up={{ href: '/registry/agents', label: 'Agents' }} title={title} intro={line} actions={actions}>
      <div className="mb-2 border-b border-line pb-1">{nav}</div>
      {children}
    </Page>
  );
}
