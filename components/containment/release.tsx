'use client';

import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { Arguments } from '@/components/ledger/arguments';
import { ProblemLine } from '@/components/live/problem';
import { Digest } from '@/components/text/digest';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Choice, TextArea } from '@/components/ui/field';
import type { Halt, ShownArguments } from '@/lib/check/reading/schema';
import { authorisedMinutes, reasonLengthMax, type AuthorisationView, type SeniorRole } from '@/lib/containment/schema';
import { useAskAuthorisation, useRelease, useSignAuthorisation } from './queries';
import { roleWords, whyNotHappen } from './words';

type Props = { halt: Halt; shown: ShownArguments; sentence: string };

/** ReleaseDialog lets a halted workflow go on; or asks, besides, that the one action happens once, which takes a second person. */
export function ReleaseDialog({ halt, shown, sentence }: Props) {
  const [open, setOpen] = useState(false);
  const released = halt.released !== null;
  if (released && halt.once?.whyNotAsk !== null) return null;
  return (
    <>
      <div>
        <Button tone={released ? 'plain' : 'primary'} onClick={() => setOpen(true)}>
          {released ? 'Let this action happen once…' : 'Release workflow…'}
        </Button>
      </div>
      {open ? <Release halt={halt} shown={shown} sentence={sentence} close={() => setOpen(false)} /> : null}
    </>
  );
}

type What = 'release' | 'once';

function Release({ halt, shown, sentence, close }: Props & { close: () => void }) {
  const router = useRouter();
  const { once, digest, released } = halt;
  const mayAsk = once !== null && once.whyNotAsk === null && digest !== null && shown.state === 'full' && shown.agrees;
  const [what, setWhat] = useState<What>(released === null ? 'release' : 'once');
  const [as, setAs] = useState<SeniorRole | undefined>(once?.askAs[0]);
  const [minutes, setMinutes] = useState<number>(authorisedMinutes.default);
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const first = useRef<HTMLTextAreaElement>(null);
  const release = useRelease(halt.workflow);
  const ask = useAskAuthorisation();
  const isPending = release.isPending || ask.isPending || release.isSuccess || ask.isSuccess;
  const done = { onSuccess: () => (router.refresh(), close()) };
  const send = () => {
    setTried(true);
    if (reason.trim() === '') return first.current?.focus();
    if (what === 'release') return release.mutate(reason.trim(), done);
    if (mayAsk && as !== undefined) ask.mutate({ decision: halt.decisionId, digest, as, minutes, reason: reason.trim() }, done);
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      focus={first}
      className="sm:w-[640px]"
      title={released === null ? 'Release this workflow' : 'Let this action happen once'}
      description={<Verbatim text={sentence} />}
    >
      {released === null ? <Choices what={what} choose={setWhat} whyNot={mayAsk ? null : whyNotHappen(once?.whyNotAsk ?? null)} /> : null}
      {what === 'once' ? (
        <Once shown={shown} digest={digest} once={once} as={as} setAs={setAs} minutes={minutes} setMinutes={setMinutes} />
      ) : null}
      <TextArea
        ref={first}
        label="Reason"
        rows={2}
        maxLength={reasonLengthMax}
        error={tried && reason.trim() === '' ? 'Say why it may go on.' : undefined}
        hint="What you looked at. Kept encrypted beside the ledger, for people who may read it."
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <ProblemLine error={what === 'release' ? release.error : ask.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button size="lg" onClick={close}>
          Not yet
        </Button>
        <Button tone="primary" size="lg" disabled={isPending || (what === 'once' && !mayAsk)} onClick={send}>
          {what === 'release' ? (isPending ? 'Releasing…' : 'Release workflow') : isPending ? 'Asking…' : 'Ask the second person'}
        </Button>
      </div>
    </Dialog>
  );
}

type ChoicesProps = { what: What; choose: (what: What) => void; whyNot: string | null };

function Choices({ what, choose, whyNot }: ChoicesProps) {
  const option = (value: What, label: string, hint: string, disabled = false) => (
    <label className="flex items-start gap-2">
      <input
        type="radio"
        name="what"
        className="mt-[3px] size-4 shrink-0 accent-(--accent)"
        checked={what === value}
        disabled={disabled}
        onChange={() => choose(value)}
      />
      <span className="min-w-0">
        {label}
        <span className="block text-sm text-ink-2">{hint}</span>
      </span>
    </label>
  );
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">What may happen</legend>
      {option(
        'release',
        'Let this workflow go on',
        'At once, by your word alone. The action that halted it is not allowed by this: asked again, it halts again.',
      )}
      {option(
        'once',
        'Also let this one action happen once',
        whyNot ?? 'Needs a second senior person, under the other role. Until they sign, the workflow stays halted.',
        whyNot !== null,
      )}
    </fieldset>
  );
}

type OnceProps = {
  shown: ShownArguments;
  digest: string | null;
  once: AuthorisationView | null;
  as: SeniorRole | undefined;
  setAs: (as: SeniorRole) => void;
  minutes: number;
  setMinutes: (minutes: number) => void;
};

const lengths = [
  { value: '15', label: '15 minutes' },
  { value: '60', label: '1 hour' },
  { value: '240', label: '4 hours' },
  { value: '1440', label: '1 day' },
];

function Once({ shown, digest, once, as, setAs, minutes, setMinutes }: OnceProps) {
  const roles = once?.askAs ?? [];
  return (
    <>
      <Exactly shown={shown} digest={digest} />
      <div className="flex flex-wrap gap-4">
        {roles.length > 1 ? (
          <Choice
            label="You ask as"
            options={roles.map((role) => ({ value: role, label: roleWords[role] }))}
            value={as}
            onChange={(event) => setAs(event.target.value === 'leader' ? 'leader' : 'security')}
          />
        ) : null}
        <Choice
          label="The agent has, from the second signature"
          options={lengths}
          value={String(minutes)}
          onChange={(event) => setMinutes(Number(event.target.value))}
        />
      </div>
    </>
  );
}

/** What happens and nothing else: the arguments whole, and the digest that both people sign. */
function Exactly({ shown, digest }: { shown: ShownArguments; digest: string | null }) {
  return (
    <div className="flex min-w-0 flex-col gap-1" data-exactly>
      <p className="text-sm font-medium">Exactly this, once</p>
      <div className="max-h-64 overflow-y-auto">
        <Arguments shown={shown} />
      </div>
      {digest === null ? null : <Digest value={digest} label="the digest" />}
    </div>
  );
}

/** SignDialog is the second person's word. */
export function SignDialog({ halt, shown, sentence }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button tone="primary" onClick={() => setOpen(true)}>
        Sign…
      </Button>
      {open ? <Sign halt={halt} shown={shown} sentence={sentence} close={() => setOpen(false)} /> : null}
    </>
  );
}

function Sign({ halt, shown, sentence, close }: Props & { close: () => void }) {
  const router = useRouter();
  const open = halt.once?.open;
  const [digest] = useState(halt.digest);
  const [reason, setReason] = useState('');
  const first = useRef<HTMLTextAreaElement>(null);
  const sign = useSignAuthorisation(open?.id ?? '');
  const isPending = sign.isPending || sign.isSuccess;
  const ready = digest !== null && shown.state === 'full' && shown.agrees && reason.trim() !== '' && !isPending;
  const send = () => digest !== null && sign.mutate({ digest, reason: reason.trim() }, { onSuccess: () => (router.refresh(), close()) });
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      focus={first}
      className="sm:w-[640px]"
      title="Let this halted action happen once?"
      description={<Verbatim text={sentence} />}
    >
      <Exactly shown={shown} digest={digest} />
      <p className="text-sm text-ink-2">
        With your signature, as {open ? roleWords[open.signs].toLowerCase() : 'the second person'}, the workflow goes on and the agent may
        do exactly this, once, within {open?.minutes ?? 0} minutes. Everything else is checked as ever.
      </p>
      <TextArea
        ref={first}
        label="Reason"
        rows={2}
        maxLength={reasonLengthMax}
        hint="What you looked at yourself. Kept encrypted beside the ledger."
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <ProblemLine error={sign.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button size="lg" onClick={close}>
          Not yet
        </Button>
        <Button tone="primary" size="lg" disabled={!ready} onClick={send}>
          {isPending ? 'Signing…' : 'Sign: let it happen once'}
        </Button>
      </div>
    </Dialog>
  );
}
