import Link from 'next/link';
import { classNames } from './class-names';

export type Tab = { href: string; label: string; count?: number | undefined; active: boolean };

/** Tabs are links: each has a URL, and back works. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }) {
  return (
    <nav aria-label={label} className="flex flex-wrap gap-1 max-sm:gap-0.5">
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          aria-current={tab.active ? 'page' : undefined}
          className={classNames(
            'inline-flex h-8 items-center gap-1.5 rounded-md px-2.5 text-sm font-medium max-sm:px-2 transition-colors duration-100',
            tab.active ? 'bg-accent-soft text-ink' : 'text-ink-2 hover:bg-sunken hover:text-ink',
          )}
        >
          {tab.label}
          {tab.count === undefined ? null : <span className="tabular text-ink-2">{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
