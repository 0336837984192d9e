import Link from 'next/link';
import type { ReactNode } from 'react';
import { link } from '@/components/ui/link';
import type { InboxCounts } from '@/lib/check/reading/schema';
import { isNarrowed, type View } from './address';

/** EmptyTab says what a tab is for while there is nothing in it, and where to look instead. */
export function EmptyTab({ view, counts, answersFor }: { view: View; counts?: InboxCounts | undefined; answersFor?: number | undefined }) {
  const { title, text, next } = isNarrowed(view.filter) ? narrowed : contentOf(view, counts, answersFor);
  return (
    <div className="border-t border-line px-4 py-6">
      <h2 className="text-base font-semibold">{title}</h2>
      <p className="mt-1 max-w-[48ch] text-ink-2">{text}</p>
      {next ? <p className="mt-3">{next}</p> : null}
    </div>
  );
}

type Content = { title: string; text: string; next: ReactNode };

const narrowed: Content = { title: 'Nothing here matches', text: 'Take a filter away to see more.', next: null };
const seeLedger = (
  <Link href="/ledger" className={link}>
    See what agents did
  </Link>
);

function contentOf({ tab }: View, counts: InboxCounts | undefined, answersFor: number | undefined): Content {
  switch (tab) {
    case 'mine':
      return {
        title: 'Nothing waits for you',
        text: 'When an agent asks for something that the Escalation row of its process brings to you, it stands here until you decide or its deadline refuses it.',
        next:
          counts && counts.waiting > 0 ? (
            <Link href="/approvals?tab=waiting" className={link}>
              See the {counts.waiting} that wait for others
            </Link>
          ) : (
            seeLedger
          ),
      };
    case 'waiting':
      return {
        title: 'Nothing waits',
        text: 'When an agent asks for something that needs a person, it stands here until somebody decides or its deadline refuses it.',
        next: seeLedger,
      };
    case 'supervised':
      return answersFor === 0
        ? {
            title: 'You answer for no process',
            text: 'Here stand the supervised actions of the processes somebody answers for, while they can still be undone. Choose a process above to see its own.',
            next: (
              <Link href="/ledger?verdict=allow_reversible" className={link}>
                See all supervised actions in the ledger
              </Link>
            ),
          }
        : {
            title: 'Nothing can be reversed now',
            text: 'What an agent of your processes does under supervision stands here for as long as it can be undone.',
            next: (
              <Link href="/ledger?verdict=allow_reversible" className={link}>
                See earlier supervised actions
              </Link>
            ),
          };
    case 'halts':
      return {
        title: 'No workflow is halted',
        text: 'When an agent tries what nobody may allow alone, its whole workflow stops and stands here until a leader or security releases it.',
        next: (
          <Link href="/ledger?verdict=halt" className={link}>
            See earlier halts
          </Link>
        ),
      };
    case 'decided':
      return {
        title: 'Nothing was decided yet',
        text: 'What was approved, rejected or refused by its deadline stands here, with who decided.',
        next: seeLedger,
      };
  }
}
