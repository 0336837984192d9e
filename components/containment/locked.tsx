'use client';

import { LockKeyhole } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { link } from '@/components/ui/link';
import type { LockPage } from '@/lib/containment/schema';
import { howMany, locksOf, whyLocked } from './lock-words';
import { useLocks } from './queries';
import { ResumeButton } from './resume';

const page = '/containment/locked';

/** LockedBanner stands on every page while a gateway that lives decides nothing, since its database is not the one that was handed outside. */
export function LockedBanner({ initial }: { initial: LockPage }) {
  const { data } = useLocks(initial);
  const here = usePathname() === page;
  const [first] = data.gateways;
  if (!first) return null;
  const [lock] = locksOf(data);
  return (
    <div
      role="alert"
      aria-label="Gateways are locked"
      data-locked={data.gateways.length}
      className="sticky top-0 z-20 flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-danger bg-danger-soft px-4 py-2 text-sm print:hidden"
    >
      <LockKeyhole size={16} aria-hidden className="shrink-0 text-danger" />
      <p className="min-w-0 flex-1 basis-72">
        <strong className="font-semibold">{howMany(data.gateways.length)}: agents that ask there may do nothing.</strong>{' '}
        <span className="max-sm:hidden">{lock ? whyLocked(lock) : `It cannot be told yet how the database stands: ${first.why}.`}</span>
      </p>
      {here ? null : (
        <Link href={page} className={link}>
          What to do
        </Link>
      )}
      {lock && !here ? <ResumeButton lock={lock} page={data} /> : null}
    </div>
  );
}
