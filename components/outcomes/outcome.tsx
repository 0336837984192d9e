import Link from 'next/link';
import { Digest } from '@/components/text/digest';
import { Fact, Facts } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { link } from '@/components/ui/link';
import { groupThousands } from '@/lib/kernel/money';
import { outcomeDueMinutes, type OutcomeView, type OutcomeWords } from '@/lib/outcomes/schema';
import { SettleButton } from './settle';
import { OutcomeMark } from './status';

type Reported = NonNullable<OutcomeView['reported']>;

/** Outcome says what became of an allowed action: as its agent reported it, as a person settled it, or that nobody said anything. */
export function Outcome({ view, sentence }: { view: OutcomeView; sentence: string }) {
  const { reported } = view;
  if (reported === null)
    return (
      <p className={view.due ? 'text-danger' : 'text-ink-2'} data-outcome={view.due ? 'missing' : 'open'}>
        {view.due
          ? `The agent has not reported what came of it, though more than ${outcomeDueMinutes} minutes have passed: a gap in the record.`
          : `The agent has not reported what came of it yet. It has ${outcomeDueMinutes} minutes from when it was allowed.`}
      </p>
    );
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <OutcomeMark status={reported.status} />
        <span className="text-sm text-ink-2">
          {said(reported)}{' '}
          <Link href={`/ledger/${reported.event}`} className={link}>
            <Exact at={reported.reportedAt} />
          </Link>
          {settled(reported)}
          {reported.settledAt === null ? null : <Exact at={reported.settledAt} />}
        </span>
        {view.mine ? <SettleButton decision={view.decision} sentence={sentence} /> : null}
      </div>
      {reported.status === 'ambiguous' ? (
        <p className="max-w-[72ch] text-sm text-ink-2">The same action is refused to this agent until somebody knows what this one did.</p>
      ) : null}
      <Figures reported={reported} />
      <Words words={reported.words} />
    </div>
  );
}

const said = ({ reportedAs }: Reported): string => (reportedAs === 'ambiguous' ? 'the agent could not tell,' : 'reported by the agent');

function settled({ settledBy }: Reported): string {
  if (settledBy === null) return '';
  return settledBy.agent ? '; the agent found out ' : `; settled by ${settledBy.name} `;
}

function Figures({ reported: { tokens, costUsd, outputDigest } }: { reported: Reported }) {
  if (tokens === null && costUsd === null && outputDigest === null) return null;
  return (
    <Facts>
      {tokens === null ? null : <Fact name="Tokens">{groupThousands(tokens)}</Fact>}
      {costUsd === null ? null : <Fact name="Cost">{groupThousands(costUsd)} USD</Fact>}
      {outputDigest === null ? null : (
        <Fact name="Digest of its output">
          <Digest value={outputDigest} label="the digest of the output" />
        </Fact>
      )}
    </Facts>
  );
}

function Words({ words }: { words: OutcomeWords | 'hidden' | 'erased' | null }) {
  if (words === null) return null;
  if (words === 'hidden') return <p className="text-sm text-ink-2">Your roles do not show what the agent said of it.</p>;
  if (words === 'erased') return <p className="text-sm text-ink-2">What the agent said of it was erased, or cannot be read.</p>;
  return (
    <figure className="rounded-md border border-dashed border-line-strong p-3" data-said>
      <figcaption className="mb-2 text-xs text-ink-2">The agent’s own words. Nobody checked them.</figcaption>
      <Facts>
        {words.summary === undefined ? null : (
          <Fact name="Summary">
            <Verbatim text={words.summary} multiline className="block max-w-[72ch]" />
          </Fact>
        )}
        {words.side_effects === undefined || words.side_effects.length === 0 ? null : (
          <Fact name="Side effects">
            <ul className="flex flex-col gap-1">
              {words.side_effects.map((effect, i) => (
                <li key={i}>
                  <Verbatim text={effect} multiline />
                </li>
              ))}
            </ul>
          </Fact>
        )}
      </Facts>
    </figure>
  );
}
