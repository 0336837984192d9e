import Link from 'next/link';
import { Exact } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { link } from '@/components/ui/link';
import { Notice } from '@/components/ui/page';
import type { ItemView } from '@/lib/reviews/reading/schema';
import { changeWords } from './words';

/** Outcome is what was decided of an item, by whom, and what it changed. */
export function ReviewOutcome({ view: { item, note, policy } }: { view: ItemView }) {
  if (item.status === 'void') return <Notice>It ended before it was reviewed, so nothing is left to decide.</Notice>;
  if (item.status !== 'decided') return null;
  return (
    <Notice>
      <p className="font-medium" data-decided={item.decision}>
        {changeWords(item)}
      </p>
      <p className="text-ink-2">
        {item.decidedBy?.name ?? 'Somebody'}
        {item.decidedAt === null ? null : (
          <>
            , <Exact at={item.decidedAt} />
          </>
        )}
      </p>
      {note === null ? null : note.hidden ? (
        <p className="mt-2 text-ink-2">Your roles do not show what was written.</p>
      ) : (
        <Verbatim text={note.text} multiline className="mt-2 block border-l-2 border-line-strong pl-3" />
      )}
      {item.decision === 'revise' ? (
        <p className="mt-2">
          <Link href={`/policy/${item.subject.id}`} className={link}>
            {policy?.draft == null ? 'Begin the draft' : 'See the draft'}
          </Link>
        </p>
      ) : null}
    </Notice>
  );
}
