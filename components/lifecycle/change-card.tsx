'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { agentHref } from '@/components/registry/agents/address';
import { joined } from '@/components/registry/agents/words';
import { apiGet } from '@/components/live/query';
import { Digest } from '@/components/text/digest';
import { Fact, Facts, Section } from '@/components/text/facts';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { buttonLook } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { Notice, Page } from '@/components/ui/page';
import { takesRequests } from '@/lib/lifecycle/domain/change-requests';
import { ChangeCard as Card } from '@/lib/lifecycle/schema/change-requests';
import { ChangeActions } from './change-actions';
import { ChangeDiff } from './change-diff';
import { changeStatusWords } from './change-words';

type Props = {
  initial: Card;
  /** What policy asks of what it gains. */
  tiers: ReactNode;
};

/** ChangeCard is one request as a person decides it: what changes, why, who asked, who may decide. */
export function ChangeCard({ initial, tiers }: Props) {
  const { data: card } = useQuery({
    queryKey: ['changes', initial.id],
    queryFn: ({ signal }) => apiGet(`/api/v1/lifecycle/changes/${initial.id}`, Card, signal),
    initialData: initial,
  });
  const open = card.status === 'open';
  return (
    <Page
      narrow
      up={{ href: '/changes', label: 'Changes' }}
      title={
        <>
          Change of <Verbatim text={card.agent.name} />
        </>
      }
      intro={<Standing card={card} />}
    >
      <section className="border-t border-line py-4" data-change={card.status}>
        <h2 className="mb-1 text-base font-semibold">Why</h2>
        {card.reason === null ? (
          <p className="text-ink-2">Your roles do not show what was written.</p>
        ) : (
          <Verbatim text={card.reason} multiline className="block max-w-[72ch]" />
        )}
      </section>
      <ChangeDiff lines={card.lines} open={open} />
      {tiers === null ? null : <Section title="What policy asks of what it gains">{tiers}</Section>}
      <Blocks card={card} />
      <About card={card} />
      {open ? <ChangeActions card={card} /> : null}
      {!open && card.status !== 'approved' && card.mine && takesRequests(card.agent.status) ? <AskAgain card={card} /> : null}
    </Page>
  );
}

function Standing({ card }: { card: Card }) {
  return (
    <p data-change-line>
      <Verbatim text={card.requestedBy.name} /> asked for it, <Ago at={card.requestedAt} /> ·{' '}
      {card.status === 'open' ? (
        'waits for another person'
      ) : (
        <>
          {changeStatusWords[card.status].toLowerCase()}
          {card.decidedBy === null ? null : (
            <>
              {' '}
              by <Verbatim text={card.decidedBy.name} />
            </>
          )}
          {card.decidedAt === null ? null : (
            <>
              , <Ago at={card.decidedAt} />
            </>
          )}
        </>
      )}
    </p>
  );
}

/** The form of the agent, filled in with what was asked for. */
function AskAgain({ card }: { card: Card }) {
  return (
    <p className="border-t border-line py-3">
      <Link href={`${agentHref(card.agent.id, 'edit')}?from=${card.id}`} className={buttonLook({ size: 'lg' })}>
        Ask again
      </Link>
    </p>
  );
}

/** What keeps it from being approved now, whoever reads it. */
function Blocks({ card }: { card: Card }) {
  return (
    <>
      {card.decisionReason === null ? null : (
        <Section title="Why not">
          <Verbatim text={card.decisionReason} multiline className="block max-w-[72ch]" />
        </Section>
      )}
      {card.collisions.length === 0 ? null : (
        <div className="py-3" data-collisions>
          <Notice tone="warn">
            Somebody changed {joined(card.collisions, 0, 'and')} since this was asked for, so it cannot be approved as it is. Whoever asked
            changes the request, or withdraws it.
          </Notice>
        </div>
      )}
      {card.gaps.length === 0 ? null : (
        <Section title="Missing before it can be approved">
          <ul className="flex flex-col">
            {card.gaps.map(({ code, text, href }) => (
              <li key={code} data-gap={code} className="py-1">
                <Link href={href} className={link}>
                  {text}
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function About({ card }: { card: Card }) {
  return (
    <Section title="About it">
      <Facts>
        <Fact name="Agent">
          <Link href={agentHref(card.agent.id)} className={link}>
            <Verbatim text={card.agent.name} />
          </Link>
        </Fact>
        <Fact name="Process">
          <Link href={`/raci/${encodeURIComponent(card.agent.process.id)}`} className={link}>
            <Verbatim text={card.agent.process.name} />
          </Link>
        </Fact>
        {card.status === 'open' ? <Fact name="May decide">{joined(card.deciders.people, card.deciders.more, 'or')}</Fact> : null}
        <Fact name="All requests">
          <Link href={agentHref(card.agent.id, 'changes')} className={link}>
            Changes of this agent
          </Link>
        </Fact>
        <Fact name="Digest">
          <Digest value={card.digest} label="the digest" />
        </Fact>
      </Facts>
    </Section>
  );
}
