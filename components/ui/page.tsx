import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { classNames } from './class-names';

type PageProps = {
  title: ReactNode;
  /** One sentence under the title: what this page is for, or who this is. */
  intro?: ReactNode;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  /** Where this page hangs: a link above the title. */
  up?: { href: string; label: string };
  /** Forms are narrow, tables are not. */
  narrow?: boolean;
  children: ReactNode;
};

/** Page is a titled page of the console with the same edges everywhere. */
export function Page({ title, intro, actions, up, narrow = false, children }: PageProps) {
  return (
    <div className="mx-auto max-w-[1440px] px-4 pt-4 pb-10 md:px-6">
      {/* A form begins at the same edge as a table: what is read last has nowhere to jump to. */}
      <div className={classNames(narrow && 'max-w-[880px]')}>
        {up ? <Up {...up} /> : null}
        <header className="mb-4 flex flex-wrap items-start justify-between gap-x-6 gap-y-2">
          <div className="min-w-0">
            <h1>{title}</h1>
            {intro ? <div className="mt-1 max-w-[72ch] text-ink-2">{intro}</div> : null}
          </div>
          {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
        </header>
        {children}
      </div>
    </div>
  );
}

/** Up leads to where a page hangs. */
export function Up({ href, label }: { href: string; label: string }) {
  return (
    <Link href={href} className="mb-2 inline-flex items-center gap-1.5 text-sm text-ink-2 hover:text-ink">
      <ArrowLeft size={15} aria-hidden /> {label}
    </Link>
  );
}

/** Empty says what a page is for while there is nothing on it, and offers the next step. */
export function Empty({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="max-w-[880px] rounded-md border border-dashed border-line-strong px-4 py-6">
      <h2 className="text-base">{title}</h2>
      <div className="mt-1 max-w-[64ch] text-ink-2">{children}</div>
      {action ? <div className="mt-3">{action}</div> : null}
    </div>
  );
}

/** Notice is a boxed remark: what just happened, or what is missing. */
export function Notice({ tone = 'plain', children }: { tone?: 'plain' | 'warn' | 'danger'; children: ReactNode }) {
  const look = { plain: 'border-line-strong bg-raised', warn: 'border-tier-3 bg-warn-soft', danger: 'border-danger bg-danger-soft' }[tone];
  return <div className={classNames('rounded-md border px-3 py-2 text-sm', look)}>{children}</div>;
}
