'use client';

import { OctagonX } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import type { KillScope } from '@/lib/containment/schema';
import { StopDialog } from './stop-dialog';

export type StopTarget = { scope: KillScope; target: string };

const pages: readonly { path: RegExp; scope: KillScope }[] = [
  { path: /^\/registry\/agents\/(agt_[^/]+)/, scope: 'agent' },
  { path: /^\/registry\/systems\/(sys_[^/]+)/, scope: 'system' },
  { path: /^\/registry\/actions\/([^/]+)/, scope: 'action_type' },
  { path: /^\/raci\/(prc_[^/]+)/, scope: 'process' },
];

/** What the page at hand is about, so that the dialog begins there. */
function about(pathname: string): StopTarget | undefined {
  for (const { path, scope } of pages) {
    const target = path.exec(pathname)?.[1];
    if (target !== undefined && target !== 'new') return { scope, target: decodeURIComponent(target) };
  }
  return undefined;
}

/** StopButton opens the stop dialog, beginning with what the page is about. It is on every page of who may stop anything. */
export function StopButton({ className }: { className?: string }) {
  const pathname = usePathname();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button tone="danger" className={classNames('font-semibold', className)} onClick={() => setOpen(true)} aria-haspopup="dialog">
        <OctagonX size={15} aria-hidden /> Stop…
      </Button>
      {open ? <StopDialog begin={about(pathname)} close={() => setOpen(false)} /> : null}
    </>
  );
}
