'use client';

import { useRef, useState } from 'react';
import { ProblemLine } from '@/components/live/problem';
import { Ago } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea } from '@/components/ui/field';
import { Notice } from '@/components/ui/page';
import { reasonLengthMax, type LockPage, type ResumptionView } from '@/lib/containment/schema';
import { openOf, whatIsLost, whyLocked, type Lock } from './lock-words';
import { useAskResumption, useSignResumption } from './queries';

type Props = { lock: Lock; page: LockPage; close: () => void };

/** ResumeButton opens the dialog in which two people resume from a checkpoint; nothing for whoever may not. */
export function ResumeButton({ lock, page }: Omit<Props, 'close'>) {
  // The checkpoint it was opened for: the next one is another question.
  const [opened, setOpened] = useState<string>();
  if (!page.mayResume) return null;
  const name = `${lock.outside.size} ${lock.outside.root}`;
  const signs = openOf(page, lock).some(({ whyNotSign }) => whyNotSign === null);
  return (
    <>
      <Button tone="danger" onClick={() => setOpened(name)}>
        {signs ? 'Sign…' : 'Resume…'}
      </Button>
      {opened === name ? <ResumeDialog lock={lock} page={page} close={() => setOpened(undefined)} /> : null}
    </>
  );
}

/** ResumeDialog lets one person ask that gateways go on in spite of what is lost, and a second one sign it. */
function ResumeDialog({ lock, page, close }: Props) {
  const open = openOf(page, lock);
  const [signable] = open.filter(({ whyNotSign }) => whyNotSign === null);
  const [mine] = open.filter(({ whyNotSign }) => whyNotSign === 'SAME_PERSON');
  const first = useRef<HTMLParagraphElement>(null);
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      focus={first}
      title={signable ? 'Sign that gateways go on' : 'Let gateways go on from this database'}
      description="It takes two people, each a leader or security. Put the right database back instead, if you have it: then nobody resumes anything."
    >
      <p ref={first} tabIndex={-1} className="outline-none">
        {whyLocked(lock)} {whatIsLost(lock)}
      </p>
      {signable ? (
        <Sign resumption={signable} close={close} />
      ) : mine ? (
        <Waits resumption={mine} close={close} />
      ) : (
        <Ask lock={lock} close={close} />
      )}
    </Dialog>
  );
}

function Ask({ lock, close }: Pick<Props, 'lock' | 'close'>) {
  const ask = useAskResumption();
  const { size, root } = lock.outside;
  return (
    <Words
      label="Why it goes on"
      hint="What happened, and why there is nothing better. Kept encrypted beside the ledger, for people who may read it."
      error={ask.error}
      button={ask.isPending ? 'Asking…' : 'Ask a second person'}
      busy={ask.isPending || ask.isSuccess}
      close={close}
      send={(reason) => ask.mutate({ size, root, reason })}
    />
  );
}

function Sign({ resumption, close }: { resumption: ResumptionView; close: () => void }) {
  const sign = useSignResumption(resumption.id);
  const [sure, setSure] = useState(false);
  return (
    <>
      <Asked resumption={resumption} />
      <label className="flex items-start gap-2">
        <input type="checkbox" className="mt-1" checked={sure} onChange={(event) => setSure(event.target.checked)} />
        <span>
          What was lost is set again: stops, suspensions, revoked credentials, people who left. From the signature on agents are answered by
          what stands here now.
        </span>
      </label>
      <Words
        label="Why you sign"
        hint="What you looked at. The gateways decide again within two seconds."
        error={sign.error}
        button={sign.isPending ? 'Signing…' : 'Sign: gateways go on'}
        busy={sign.isPending || sign.isSuccess || !sure}
        close={close}
        send={(reason) => sign.mutate(reason, { onSuccess: close })}
      />
    </>
  );
}

/** Asked is who asked, when, and why. */
export function Asked({ resumption: { asked } }: { resumption: ResumptionView }) {
  return (
    <p>
      {asked.by.name} asked <Ago at={asked.at} />
      {asked.reason === null ? (
        '.'
      ) : (
        <>
          : “<Verbatim text={asked.reason} multiline />”
        </>
      )}
    </p>
  );
}

function Waits({ resumption, close }: { resumption: ResumptionView; close: () => void }) {
  return (
    <>
      <Asked resumption={resumption} />
      <Notice>You asked, so another person signs, with an account of their own: a leader or security.</Notice>
      <div className="flex justify-end">
        <Button size="lg" onClick={close}>
          Close
        </Button>
      </div>
    </>
  );
}

type WordsProps = {
  label: string;
  hint: string;
  error: unknown;
  button: string;
  busy: boolean;
  close: () => void;
  send: (reason: string) => void;
};

function Words({ label, hint, error, button, busy, close, send }: WordsProps) {
  const [reason, setReason] = useState('');
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() !== '' && !busy) send(reason.trim());
      }}
    >
      <TextArea
        label={label}
        rows={2}
        maxLength={reasonLengthMax}
        hint={hint}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <ProblemLine error={error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button size="lg" onClick={close}>
          Stay locked
        </Button>
        <Button type="submit" tone="danger" size="lg" className="font-semibold" disabled={reason.trim() === '' || busy}>
          {button}
        </Button>
      </div>
    </form>
  );
}
