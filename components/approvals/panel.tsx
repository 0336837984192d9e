'use client';

import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useKeys } from '@/components/keys/provider';
import { Arguments } from '@/components/ledger/arguments';
import { Reasons } from '@/components/ledger/reasons';
import { Said } from '@/components/ledger/said';
import { Section } from '@/components/text/facts';
import { useNow } from '@/components/text/now';
import { useRecomputed } from '@/components/text/recompute';
import { clockTime, Left } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { TierMark } from '@/components/text/verdict';
import { Button } from '@/components/ui/button';
import { conversionOf } from '@/lib/approvals/domain/wording';
import type { ApprovalCard } from '@/lib/check/reading/schema';
import { Aftermath } from './aftermath';
import { ApproveDialog } from './approve';
import { Alike, Earlier } from './before';
import { Proof, unprovenTexts } from './proof';
import { useApproval, useSeen, useVerdict } from './queries';
import { RejectDialog } from './reject';
import { StateMark } from './state';
import { Who } from './who';

type Props = {
  initial: ApprovalCard;
  /** What came of it, as the page was drawn; null while it was not used. */
  outcome: ReactNode;
};

/** ApprovalPanel is everything needed to decide one request, and what became of it. */
export function ApprovalPanel({ initial, outcome }: Props) {
  const { data: card } = useApproval(initial);
  useRedrawn(initial, card);
  const verdict = useVerdict(card.id);
  const [dialog, setDialog] = useState<'approve' | 'reject' | null>(null);
  const now = useNow();
  const over = now !== null && Date.parse(card.expiresAt) <= now;
  const waits = card.state === 'waiting' && !over;
  const whole = card.arguments.state === 'full' ? card.arguments : null;
  const where = useRef<HTMLDivElement>(null);
  const recomputed = useRecomputed(where, whole?.canonical ?? null, card.digest);
  // What cannot be shown whole, proven by the server and computed again here is not what a person can sign.
  const proven = whole?.agrees === true && recomputed === 'equal';
  const mine = waits && card.refusal === null;
  const open = mine && proven;
  const conversion = conversionOf(card.risk);
  useSeen(card.id, mine);
  const start = (which: 'approve' | 'reject') => () => {
    if (!open) return;
    verdict.reset();
    setDialog(which);
  };
  useKeys(open && dialog === null ? { approve: start('approve'), reject: start('reject') } : {});

  return (
    <article aria-labelledby="what" className="flex min-h-full flex-col" data-approval={card.id}>
      <div className="flex-1 px-4 pt-4 lg:px-6">
        <Back />
        <Head card={card} waits={waits} now={now} />
        <Aftermath card={card} over={over} />
        {outcome === null ? null : <Section title="What came of it">{outcome}</Section>}
        <Section title={card.state === 'waiting' ? 'Why it waits' : 'Why it waited'}>
          <Reasons reasons={card.reasons} deciding={card.deciding} />
          {card.amount === null || conversion === null ? null : (
            <p className="tabular mt-1 text-sm text-ink-2" data-conversion>
              {card.amount} {conversion}.
            </p>
          )}
        </Section>
        <Section title="Exactly what will run" aside="all of it, as it is signed">
          <div ref={where}>
            <Arguments shown={card.arguments} />
          </div>
          <Proof digest={card.digest} recomputed={whole === null ? null : recomputed} />
        </Section>
        <Who card={card} />
        {card.said === null ? null : (
          <Section title="What the agent says">
            <Said said={card.said} />
          </Section>
        )}
        <Earlier card={card} />
        <Alike card={card} />
      </div>
      {waits ? (
        <footer className="sticky bottom-0 border-t border-line bg-ground px-4 py-3 lg:px-6">
          {open ? (
            <div className="flex gap-2">
              <Button
                tone="primary"
                size="lg"
                className="min-w-0 max-sm:h-auto max-sm:min-h-11 max-sm:flex-1 max-sm:py-2 max-sm:whitespace-normal"
                onClick={start('approve')}
              >
                {/* Never cut: what is signed ends with its amount. */}
                <span className="sm:truncate max-sm:leading-tight">{card.approveLabel}</span>
              </Button>
              <Button tone="danger" size="lg" className="max-sm:h-auto max-sm:min-h-11" onClick={start('reject')}>
                Reject
              </Button>
            </div>
          ) : (
            <p className="max-w-[72ch] text-sm" data-refusal={card.refusal?.code ?? 'UNPROVEN'}>
              {card.refusal?.text ??
                (whole?.agrees === true && recomputed !== 'equal'
                  ? unprovenTexts[recomputed]
                  : 'Its exact arguments cannot be shown and proven here, so it cannot be decided. Its deadline will refuse it.')}
            </p>
          )}
        </footer>
      ) : null}
      <ApproveDialog card={card} open={dialog === 'approve'} close={() => setDialog(null)} verdict={verdict} />
      <RejectDialog card={card} open={dialog === 'reject'} close={() => setDialog(null)} verdict={verdict} />
    </article>
  );
}

/** What came of the action is drawn by the server: when the card says that there is more of it, the page is drawn again. */
function useRedrawn(drawn: ApprovalCard, card: ApprovalCard): void {
  const router = useRouter();
  const is = (one: ApprovalCard) => `${one.usedBy ?? ''} ${one.outcomeEvent ?? ''}`;
  const [before, now] = [is(drawn), is(card)];
  useEffect(() => {
    if (now !== before) router.refresh();
  }, [router, before, now]);
}

/** Back leads from the panel to the list where the panel is the page, with the list as it was. */
export function Back() {
  const search = useSearchParams().toString();
  return (
    <Link
      href={`/approvals${search === '' ? '' : `?${search}`}`}
      className="mb-3 inline-flex items-center gap-1.5 text-sm text-ink-2 hover:text-ink lg:hidden"
    >
      <ArrowLeft size={15} aria-hidden /> Approvals
    </Link>
  );
}

function Head({ card, waits, now }: { card: ApprovalCard; waits: boolean; now: number | null }) {
  return (
    <header className="pb-4">
      <div className="flex items-start justify-between gap-x-6 max-sm:flex-col max-sm:gap-y-1">
        <h1 id="what" className="max-w-[60ch] min-w-0">
          <Verbatim text={card.sentence} />
        </h1>
        <div className="tabular shrink-0 pt-1 text-sm text-ink-2">
          {waits ? (
            <>
              <Left at={card.expiresAt} /> left
            </>
          ) : (
            <StateMark state={card.state === 'waiting' ? 'expired' : card.state} />
          )}
        </div>
      </div>
      <p className="mt-1 flex flex-wrap items-baseline gap-x-3 text-sm text-ink-2">
        <TierMark tier={card.tier} />
        {card.amount === null ? null : <span className="tabular font-medium text-ink">{card.amount}</span>}
        <span>{card.undoing}</span>
      </p>
      {waits ? (
        <p className="mt-1 text-sm text-ink-2">
          {now === null ? 'Refused at its deadline' : `Refused at ${clockTime(card.expiresAt, now)}`} if nobody decides.
        </p>
      ) : null}
    </header>
  );
}
