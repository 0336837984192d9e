'use client';

import Link from 'next/link';
import { useEffect, useRef, type ReactNode } from 'react';
import { Verbatim } from '@/components/text/verbatim';
import { classNames } from '@/components/ui/class-names';

type Props = {
  href: string;
  open: boolean;
  /** Still in its place, though the list no longer has it. */
  gone?: boolean;
  mark: ReactNode;
  sentence: string;
  below: ReactNode;
  aside: ReactNode;
  /** The aside takes more room than a phone has beside the sentence. */
  long?: boolean;
};

/** Row is one line of any list of the inbox: a mark, what it is about, and what is left of its time. */
export function Row({ href, open, gone = false, mark, sentence, below, aside, long = false }: Props) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (open) link.current?.scrollIntoView({ block: 'nearest' });
  }, [open]);
  return (
    <li className="border-b border-line" data-gone={gone || undefined}>
      <Link
        ref={link}
        href={href}
        scroll={false}
        prefetch={false}
        aria-current={open ? 'true' : undefined}
        className={classNames(
          'grid grid-cols-[20px_minmax(0,1fr)_auto] gap-x-2 px-4 py-2.5 -outline-offset-2',
          open ? 'bg-accent-soft' : 'hover:bg-sunken',
        )}
      >
        <span className="pt-px text-sm">{mark}</span>
        <span className="min-w-0">
          <Verbatim text={sentence} className={classNames('line-clamp-2 text-base', gone ? 'text-ink-2' : 'font-medium')} />
          <span className="mt-0.5 block text-sm text-ink-2 *:block sm:*:truncate">{below}</span>
        </span>
        <span
          className={classNames(
            'text-right text-sm text-ink-2',
            long && 'max-sm:col-span-2 max-sm:col-start-2 max-sm:mt-1 max-sm:text-left',
          )}
        >
          {aside}
        </span>
      </Link>
    </li>
  );
}
