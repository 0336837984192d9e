import Link from 'next/link';
import { Canonical } from '@/components/text/canonical';
import { Fact, Facts, Section } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { link } from '@/components/ui/link';
import { Up } from '@/components/ui/page';
import type { EventView } from '@/lib/check/reading/schema';
import { Related } from './related';
import { RowFacts } from './row-facts';

const titled = (type: string): string => `${type.charAt(0).toUpperCase()}${type.slice(1).replaceAll('_', ' ')}`;

/** Event is one row of the ledger that is no decision: who did what to what. */
export function Event({ view }: { view: EventView }) {
  const { payload, row } = view;
  return (
    <article className="mx-auto max-w-[1440px] px-4 pt-4 pb-8 *:max-w-[880px] md:px-6" data-event={view.id}>
      <Up href="/ledger?show=all" label="Ledger" />
      <header className="pb-4">
        <h1 className="max-w-[60ch]">
          <Verbatim text={view.words} />
        </h1>
        <p className="mt-1 flex flex-wrap gap-x-3 text-sm text-ink-2">
          <Exact at={row.at} />
          <code className="text-xs leading-[18px]">{view.kind}</code>
        </p>
      </header>
      {payload === null ? null : (
        <Section title="What happened">
          <Facts>
            <Fact name="By">
              {view.actorName === null ? <Verbatim text={payload.actor.id} /> : <Verbatim text={view.actorName} />}{' '}
              {/* Of an operator the name says it already. */}
              {payload.actor.type === 'operator' ? null : <span className="text-ink-2">{payload.actor.type}</span>}
            </Fact>
            <Fact name={titled(payload.subject.type)}>
              <Subject view={view} id={payload.subject.id} />
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

function Subject({ view, id }: { view: EventView; id: string }) {
  const words =
    view.subjectName === null ? (
      <Verbatim text={id} className="font-mono text-[13px]" />
    ) : (
      <>
        <Verbatim text={view.subjectName} /> <Verbatim text={id} className="font-mono text-xs text-ink-2" />
      </>
    );
  return view.href === null ? (
    words
  ) : (
    <Link href={view.href} className={link}>
      {words}
    </Link>
  );
}
