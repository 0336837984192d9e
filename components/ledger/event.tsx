import Link from 'next/link';
import { Canonical } from '@/components/text/canonical';
import { Fact, Facts, Section } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import type { EventView } from '@/lib/check/reading/schema';
import { Related } from './related';
import { RowFacts } from './row-facts';

const link = 'text-accent underline-offset-2 hover:underline';
const subjectLinks: Record<string, (id: string) => string> = {
  approval: (id) => `/approvals/${id}`,
  agent: (id) => `/ledger?show=all&agent=${encodeURIComponent(id)}`,
  workflow: (id) => `/ledger?show=all&workflow=${encodeURIComponent(id)}`,
};

/** Event is one row of the ledger that is no decision: who did what to what. */
export function Event({ view }: { view: EventView }) {
  const { payload, row } = view;
  const words = view.kind === '' ? 'Unreadable row' : view.kind.replaceAll(/[._]/g, ' ');
  const href = payload ? subjectLinks[payload.subject.type]?.(payload.subject.id) : undefined;
  return (
    <article className="mx-auto max-w-[960px] px-4 pt-4 pb-8 md:px-6" data-event={view.id}>
      <p className="mb-3 text-sm">
        <Link href="/ledger" className={link}>
          Ledger
        </Link>
      </p>
      <header className="pb-4">
        <h1 className="first-letter:uppercase">{words}</h1>
        <p className="mt-1 text-sm text-ink-2">
          <Exact at={row.at} />
        </p>
      </header>
      {payload === null ? null : (
        <Section title="What happened">
          <Facts>
            <Fact name="By">
              {view.actorName ?? <Verbatim text={payload.actor.id} />}{' '}
              <span className="text-ink-2">{payload.actor.type === 'operator' ? 'at the command line' : payload.actor.type}</span>
            </Fact>
            <Fact name={payload.subject.type.replaceAll('_', ' ')}>
              {href === undefined ? (
                <Verbatim text={payload.subject.id} className="font-mono text-[13px]" />
              ) : (
                <Link href={href} className={link}>
                  <Verbatim text={payload.subject.id} className="font-mono text-[13px]" />
                </Link>
              )}
            </Fact>
            {view.text === null ? null : (
              <Fact name="In words">
                {view.text === 'hidden' ? (
                  <span className="text-ink-2">Your roles do not show what was written.</span>
                ) : (
                  <Verbatim text={view.text} multiline className="block max-w-[72ch]" />
                )}
              </Fact>
            )}
          </Facts>
        </Section>
      )}
      <Section title="As it was written">
        <Canonical json={view.raw} label="the row’s payload" />
      </Section>
      <Related entries={view.related} />
      <RowFacts row={row} />
    </article>
  );
}
