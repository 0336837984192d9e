'use client';

import { useId, useRef, useState } from 'react';
import { Digest } from '@/components/text/digest';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { reasonLengthMax, rejectionReasons, RejectionCode } from '@/lib/approvals/schema';
import { VerdictProblem, type VerdictProps } from './approve';

/** RejectDialog asks for a named reason, and for words when none fits. */
export function RejectDialog(props: VerdictProps) {
  return props.open ? <Open {...props} /> : null;
}

function Open({ card, close, verdict }: VerdictProps) {
  const [digest] = useState(card.digest);
  const [code, setCode] = useState<RejectionCode | null>(null);
  const [text, setText] = useState('');
  const textId = useId();
  const first = useRef<HTMLInputElement>(null);
  const needsText = code === 'OTHER';
  const ready = code !== null && (!needsText || text.trim() !== '') && !verdict.isPending;
  const send = () => {
    if (code === null) return;
    verdict.mutate(
      { path: 'reject', body: { digest, reason_code: code, ...(text.trim() === '' ? {} : { reason: text.trim() }) } },
      { onSuccess: close },
    );
  };
  return (
    <Dialog
      focus={first}
      open
      onOpenChange={(next) => !next && close()}
      title="Reject this?"
      description={<Verbatim text={card.sentence} />}
    >
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 text-sm text-ink-2">Why? The agent is told the reason, not your words.</legend>
        {RejectionCode.options.map((option, i) => (
          <label key={option} className="flex min-h-9 items-center gap-2.5 rounded-md px-2 hover:bg-sunken">
            <input
              ref={i === 0 ? first : null}
              type="radio"
              name="reason"
              value={option}
              checked={code === option}
              onChange={() => setCode(option)}
              className="size-4 accent-(--accent)"
            />
            {rejectionReasons[option]}
          </label>
        ))}
      </fieldset>
      <label htmlFor={textId} className="flex flex-col gap-1 text-sm">
        {needsText ? 'Say why' : 'More, for people'}
        <textarea
          id={textId}
          rows={2}
          maxLength={reasonLengthMax}
          required={needsText}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="rounded-md border border-control bg-raised px-2.5 py-1.5 text-base text-ink"
        />
      </label>
      <div>
        <p className="text-sm text-ink-2">You refuse the action with this digest:</p>
        <Digest value={digest} label="the digest" />
      </div>
      <VerdictProblem error={verdict.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button size="lg" onClick={close}>
          Not yet
        </Button>
        <Button tone="danger" size="lg" onClick={send} disabled={!ready}>
          {verdict.isPending ? 'Rejecting…' : 'Reject'}
        </Button>
      </div>
    </Dialog>
  );
}
