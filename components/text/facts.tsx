import type { ReactNode } from 'react';

/** Facts is a list of named values: side by side where there is room, stacked on a phone. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="grid grid-cols-1 gap-x-4 gap-y-2 text-base sm:grid-cols-[minmax(120px,max-content)_minmax(0,1fr)]">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-sm text-ink-2 max-sm:-mb-1.5 sm:pt-px">{name}</dt>
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
