import type { ReactNode } from 'react';
import { Verbatim } from '@/components/text/verbatim';
import type { ChangeLine } from '@/lib/lifecycle/schema/change-requests';

/** ChangeDiff is every field of a change: before and after, or what a list gains and loses. `open`: against the record as it is now. */
export function ChangeDiff({ lines, open }: { lines: readonly ChangeLine[]; open: boolean }) {
  return (
    <section className="border-t border-line py-4">
      <h2 className="mb-2 text-base font-semibold">{open ? 'What would change' : 'What was asked to change'}</h2>
      {lines.length === 0 ? (
        <p className="text-ink-2">The record says all of this already.</p>
      ) : (
        <dl className="flex flex-col">
          {lines.map((line) => (
            <div
              key={line.field}
              data-line={line.field}
              className="grid gap-x-4 gap-y-1 border-t border-line py-2 first:border-t-0 sm:grid-cols-[minmax(120px,10rem)_minmax(0,1fr)]"
            >
              <dt className="text-sm text-ink-2 first-letter:uppercase">{line.words}</dt>
              <dd className="flex min-w-0 flex-col gap-1">{sidesOf(line)}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function sidesOf({ before, after, added, removed, field }: ChangeLine): ReactNode {
  const mono = field === 'permissions' || field === 'triggers' || field === 'mcpServers';
  if (added.length + removed.length > 0)
    return (
      <>
        {removed.map((one) => (
          <Side key={`-${one}`} word="Takes away" text={one} mono={mono} gone />
        ))}
        {added.map((one) => (
          <Side key={`+${one}`} word="Adds" text={one} mono={mono} />
        ))}
      </>
    );
  return (
    <>
      <Side word="Before" text={before} gone />
      <Side word="After" text={after} />
    </>
  );
}

/** One side of a change; told by its word, so that nothing depends on colour. */
function Side({ word, text, mono = false, gone = false }: { word: string; text: string | null; mono?: boolean; gone?: boolean }) {
  return (
    <div className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-2" data-side={gone ? 'before' : 'after'}>
      <span className="text-sm text-ink-2">{word}</span>
      {text === null || text === '' ? (
        <span className="text-ink-2">Not stated</span>
      ) : (
        <Verbatim
          text={text}
          multiline
          className={`${mono ? 'font-mono text-[13px] break-all' : ''} ${gone ? 'text-ink-2' : 'font-medium'}`}
        />
      )}
    </div>
  );
}
