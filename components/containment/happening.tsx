'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { ProblemLine } from '@/components/live/problem';
import { Exact, Left } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { Notice } from '@/components/ui/page';
import type { Halt, ShownArguments } from '@/lib/check/reading/schema';
import type { AuthorisationView } from '@/lib/containment/schema';
import { useWithdrawAuthorisation } from './queries';
import { SignDialog } from './release';
import { roleWords, whyNotHappen } from './words';

type Props = { halt: Halt; shown: ShownArguments; sentence: string };

/** Happening says whether the halted action may happen once: who asked, who must sign, or what came of it. Nothing when nobody ever asked. */
export function Happening({ halt, shown, sentence }: Props) {
  const { once } = halt;
  if (once?.open) return <Open open={once.open} halt={halt} shown={shown} sentence={sentence} />;
  return once?.signed ? <Signed signed={once.signed} /> : null;
}

function Open({ open, ...rest }: Props & { open: NonNullable<AuthorisationView['open']> }) {
  const router = useRouter();
  const withdraw = useWithdrawAuthorisation(open.id);
  const { asked } = open;
  const askAs = rest.halt.once?.askAs ?? [];
  return (
    <Notice tone="warn">
      <div className="flex flex-col gap-2" data-once="asked">
        <p>
          {asked.by.name}, as {roleWords[asked.as].toLowerCase()}, asked at <Exact at={asked.at} /> that this one action happens once,
          within {open.minutes} minutes
          <Reason text={asked.reason} />
        </p>
        <p>
          {open.signers.length === 0
            ? `Nobody here can sign it: that takes another person, as ${roleWords[open.signs].toLowerCase()}.`
            : `It takes ${new Intl.ListFormat('en', { type: 'disjunction' }).format(open.signers.map(({ name }) => name))}, as ${roleWords[open.signs].toLowerCase()}. Until then nothing happens.`}
        </p>
        {open.whyNotSign !== null && askAs.length > 0 ? <p className="text-ink-2">{whyNotHappen(open.whyNotSign)}</p> : null}
        <ProblemLine error={withdraw.error} />
        <div className="flex flex-wrap gap-2">
          {open.whyNotSign === null ? <SignDialog {...rest} /> : null}
          {askAs.length === 0 ? null : (
            <Button disabled={withdraw.isPending} onClick={() => withdraw.mutate(undefined, { onSuccess: () => router.refresh() })}>
              {withdraw.isPending ? 'Taking back…' : 'Take this back'}
            </Button>
          )}
        </div>
      </div>
    </Notice>
  );
}

function Signed({ signed: { asked, signed, approval, state, expiresAt, usedBy } }: { signed: NonNullable<AuthorisationView['signed']> }) {
  return (
    <div className="flex flex-col gap-1" data-once={state}>
      <p>
        {asked.by.name}, as {roleWords[asked.as].toLowerCase()}, and {signed.by.name}, as {roleWords[signed.as].toLowerCase()}, let this one
        action happen once at <Exact at={signed.at} />
        <Reason text={signed.reason} />
      </p>
      <p className="text-ink-2">
        {state === 'ready' ? (
          <>
            The agent has not done it yet. Time left: <Left at={expiresAt} />.
          </>
        ) : state === 'used' && usedBy !== null ? (
          <>
            The agent{' '}
            <Link href={`/ledger/${usedBy}`} className={link}>
              did it
            </Link>
            .
          </>
        ) : state === 'expired' ? (
          'The agent did not do it in time.'
        ) : (
          'It was taken back before the agent did it.'
        )}{' '}
        <Link href={`/approvals/${approval}`} className={link}>
          The approval
        </Link>
      </p>
    </div>
  );
}

const Reason = ({ text }: { text: string | null }) =>
  text === null ? (
    '.'
  ) : (
    <>
      : “<Verbatim text={text} multiline />”
    </>
  );
