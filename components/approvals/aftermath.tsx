import Link from 'next/link';
import type { ReactNode } from 'react';
import { Exact } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { link } from '@/components/ui/link';
import { CancellationCode, cancellationReasons, rejectionReasons, RejectionCode } from '@/lib/approvals/schema';
import { type ApprovalCard } from '@/lib/check/reading/schema';

const reasonWords = (code: string | null): string | null => {
  const known = RejectionCode.safeParse(code);
  if (known.success) return rejectionReasons[known.data];
  const cancelled = CancellationCode.safeParse(code);
  return cancelled.success ? cancellationReasons[cancelled.data] : code;
};

/** Aftermath says what was decided, by whom, what happens next and whether it was used; nothing while the request waits. */
export function Aftermath({ card, over }: { card: ApprovalCard; over: boolean }) {
  const state = card.state === 'waiting' && over ? 'expired' : card.state;
  if (state === 'waiting') return null;
  const who = card.decidedBy?.name ?? 'Somebody';
  const when = card.decidedAt === null ? null : <Exact at={card.decidedAt} />;
  const texts: Record<typeof state, ReactNode> = {
    approved: (
      <>
        {who} approved this at {when}. The agent may do exactly this, once, until <Exact at={card.expiresAt} />; it is checked again at that
        moment, and a stop or a stricter rule still wins. It has not come for it yet.
      </>
    ),
    used: (
      <>
        {who} approved this at {when}. The agent used it{card.usedAt === null ? '' : ' at '}
        {card.usedAt === null ? null : <Exact at={card.usedAt} />}
        {card.usedBy === null ? null : (
          <>
            {' '}
            in{' '}
            <Link className={link} href={`/ledger/${card.usedBy}`}>
              this decision
            </Link>
          </>
        )}
        . It cannot be used again.
      </>
    ),
    unused: (
      <>
        {who} approved this at {when}, but the agent did not come for it before <Exact at={card.expiresAt} />. It can no longer be used.
      </>
    ),
    rejected: (
      <>
        {who} rejected this at {when}: {reasonWords(card.reasonCode)}. The agent is told the reason’s code and may not do it.
      </>
    ),
    cancelled: (
      <>
        Cancelled{when === null ? '' : ' at '}
        {when}: {reasonWords(card.reasonCode)}. It can no longer be decided or used; if it is still needed, the agent asks again.
      </>
    ),
    expired: (
      <>
        Nobody decided before <Exact at={card.expiresAt} />, so it was refused. A deadline never approves; the agent can ask again.
      </>
    ),
  };
  return (
    <div role="status" data-state={state} className="mb-4 rounded-md border border-line-strong bg-raised px-3 py-2.5">
      <p className="max-w-[72ch]">{texts[state]}</p>
      {card.reason === null ? null : (
        <p className="mt-1 text-ink-2">
          “<Verbatim text={card.reason} multiline />”
        </p>
      )}
    </div>
  );
}
