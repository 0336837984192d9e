import type { ReactNode } from 'react';

/** Facts is a list of named values side by side, the names narrow on a phone. */
export function Facts({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-x-3 gap-y-2 text-base sm:grid-cols-[minmax(120px,max-content)_minmax(0,1fr)] sm:gap-x-4">
      {children}
    </dl>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="min-w-0 pt-px text-sm text-ink-2">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

/** Section is a titled part of a page, divided by a hairline. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="border-t border-line py-4">
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="text-base font-semibold">{title}</h2>
        {aside ? <div className="text-sm text-ink-2">{aside}</div> : null}
      </div>
      {children}
    </section>
  );
}
