'use client';

import { useRouter } from 'next/navigation';
import { useLayoutEffect, useRef, useTransition } from 'react';
import { useKeys } from '@/components/keys/provider';

/** useSteps binds the keys that go through a list of addresses, from the one that is open. */
export function useSteps(addresses: readonly string[], open: string | undefined): void {
  const router = useRouter();
  // Keys may come faster than pages: each goes on from where the one before was going.
  const going = useRef(open);
  const [moving, startMoving] = useTransition();
  useLayoutEffect(() => {
    if (!moving) going.current = open;
  }, [open, moving]);
  const step = (by: 1 | -1) => () => {
    const at = addresses.findIndex((address) => address === going.current);
    const next = addresses[at === -1 ? 0 : Math.min(Math.max(at + by, 0), addresses.length - 1)];
    if (next === undefined || next === going.current) return;
    going.current = next;
    startMoving(() => router.push(next, { scroll: false }));
  };
  useKeys({ next: step(1), previous: step(-1) });
}
