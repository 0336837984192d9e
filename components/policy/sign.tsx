'use client';

import { useRef, useState } from 'react';
import { ProblemLine } from '@/components/live/problem';
import { Digest } from '@/components/text/digest';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { DraftPage } from '@/lib/policy/reading/schema';
import { useSignDraft } from './queries';

type Props = { draft: DraftPage; close: () => void; done: (signed: { published: boolean }) => void };

/** SignDialog signs the digest of the document that was on the page when it was opened, so that nothing can be exchanged under the button. */
export function SignDialog({ draft, close, done }: Props) {
  const [shown] = useState({ digest: draft.digest, name: draft.document.name, version: draft.version, last: draft.missing === 1 });
  const sign = useSignDraft(draft.id);
  const stay = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      focus={stay}
      title={shown.last ? `Publish version ${shown.version} of ${shown.name}?` : `Sign version ${shown.version} of ${shown.name}?`}
      description={
        shown.last
          ? 'Every gateway decides by it from its next check on; the version before is retired.'
          : 'It comes into force when another person has signed it too.'
      }
    >
      <div>
        <p className="text-sm text-ink-2">You sign this digest of the document you were shown.</p>
        <Digest value={shown.digest} label="the digest" />
      </div>
      <ProblemLine error={sign.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <button
          ref={stay}
          type="button"
          onClick={close}
          className="h-10 rounded-md border border-line-strong bg-raised px-4 text-sm font-medium hover:bg-sunken"
        >
          Not yet
        </button>
        <Button tone="primary" size="lg" disabled={sign.isPending} onClick={() => sign.mutate(shown.digest, { onSuccess: done })}>
          {sign.isPending ? 'Signing…' : shown.last ? 'Sign and publish' : 'Sign'}
        </Button>
      </div>
    </Dialog>
  );
}
