'use client';

import { useId, useRef, useState } from 'react';
import { ApiProblem } from '@/components/live/query';
import { Digest } from '@/components/text/digest';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { reasonLengthMax } from '@/lib/approvals/schema';
import { type ApprovalCard } from '@/lib/check/reading/schema';
import type { useVerdict } from './queries';

export type VerdictProps = { card: ApprovalCard; open: boolean; close: () => void; verdict: ReturnType<typeof useVerdict> };

/** Problem shows why nothing was decided. */
export function VerdictProblem({ error }: { error: Error | null }) {
  return (
    <div role="alert">
      {error ? (
        <p
          className="rounded-md border border-danger bg-danger-soft px-3 py-2 text-sm"
          data-problem={error instanceof ApiProblem ? error.code : 'NETWORK'}
        >
          {error instanceof ApiProblem
            ? error.message
            : 'The server could not be reached. Look at the request again before you repeat this: the verdict may or may not have arrived.'}
          {error instanceof ApiProblem && error.requestId !== '' ? (
            <code className="mt-1 block text-xs text-ink-2">{error.requestId}</code>
          ) : null}
        </p>
      ) : null}
    </div>
  );
}

/** ApproveDialog signs the digest of what was on the page when it was opened, so that nothing can be exchanged under the button. */
export function ApproveDialog(props: VerdictProps) {
  return props.open ? <Open {...props} /> : null;
}

function Open({ card, close, verdict }: VerdictProps) {
  const [digest] = useState(card.digest);
  const [note, setNote] = useState('');
  const noteId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const send = () =>
    verdict.mutate({ path: 'approve', body: { digest, ...(note.trim() === '' ? {} : { reason: note.trim() }) } }, { onSuccess: close });
  return (
    <Dialog
      focus={field}
      open
      onOpenChange={(next) => !next && close()}
      title={`${card.approveLabel}?`}
      description={<Verbatim text={card.sentence} />}
    >
      <div>
        <p className="text-sm text-ink-2">
          You sign this digest, which this browser computed from the text on the page and found equal. The agent may do it once.
        </p>
        <Digest value={digest} label="the digest" />
      </div>
      <label htmlFor={noteId} className="flex flex-col gap-1 text-sm">
        Note, if you want to leave one
        <textarea
          id={noteId}
          ref={field}
          rows={2}
          maxLength={reasonLengthMax}
          value={note}
          onChange={(event) => setNote(event.target.value)}
          className="rounded-md border border-control bg-raised px-2.5 py-1.5 text-base text-ink"
        />
      </label>
      <VerdictProblem error={verdict.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button size="lg" onClick={close}>
          Not yet
        </Button>
        <Button tone="primary" size="lg" onClick={send} disabled={verdict.isPending} className="max-w-full">
          <span className="truncate">{verdict.isPending ? 'Signing…' : card.approveLabel}</span>
        </Button>
      </div>
    </Dialog>
  );
}
