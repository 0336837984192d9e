import Link from 'next/link';
import { Section } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { link } from '@/components/ui/link';
import type { Halt, ShownArguments } from '@/lib/check/reading/schema';
import { Happening } from './happening';
import { ReleaseDialog } from './release';

const times = (count: number) => (count === 1 ? 'One later check in it was' : `${count} later checks in it were`);

type Props = { halt: Halt; shown: ShownArguments; sentence: string };

/** HaltSection says what a halt holds back, lets those who may release it, and says whether its action may happen once. */
export function HaltSection({ halt, shown, sentence }: Props) {
  const { released } = halt;
  const workflow = `/ledger?workflow=${encodeURIComponent(halt.workflow)}`;
  return (
    <Section title={released === null ? 'This workflow is halted' : 'This halt is over'}>
      <div className="flex max-w-[72ch] flex-col gap-2" data-halt={released === null ? 'in-force' : 'released'}>
        <p>
          {released === null
            ? 'Everything else that is asked in this workflow is halted too, by whichever agent, until a senior person releases it.'
            : 'The workflow goes on: each further step is checked as any other.'}{' '}
          {halt.heldBack === 0 ? (
            'Nothing else was asked in it.'
          ) : (
            <>
              {times(halt.heldBack)} refused because of it:{' '}
              <Link className={link} href={`${workflow}&verdict=halt`}>
                see them
              </Link>
              .
            </>
          )}
        </p>
        {released === null ? null : (
          <p>
            {released.by.name} released it at <Exact at={released.at} />
            {released.reason === null ? (
              '.'
            ) : (
              <>
                : “<Verbatim text={released.reason} multiline />”
              </>
            )}
          </p>
        )}
        <Happening halt={halt} shown={shown} sentence={sentence} />
        {halt.mayRelease || (released !== null && halt.once?.whyNotAsk === null) ? (
          <ReleaseDialog halt={halt} shown={shown} sentence={sentence} />
        ) : released !== null ? null : (
          <p className="text-ink-2" data-releasers>
            {halt.releasers.length === 0
              ? 'Nobody here may release it: that takes a leader or security.'
              : `${new Intl.ListFormat('en', { type: 'disjunction' }).format(halt.releasers.map(({ name }) => name))} may release it.`}
          </p>
        )}
      </div>
    </Section>
  );
}
