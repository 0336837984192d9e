'use client';

import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { z } from 'zod';
import { apiPost } from '@/components/live/query';
import { ProblemLine } from '@/components/live/problem';
import { useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea } from '@/components/ui/field';
import { revocationReasonLengthMax, type CredentialAnswer } from '@/lib/identity/schema';

const Revoked = z.object({ id: z.string() });

/** Revoke ends a credential, and with it every token it brought. */
export function Revoke({ credential, close }: { credential: CredentialAnswer; close: () => void }) {
  const router = useRouter();
  const [reason, setReason] = useState('');
  const first = useRef<HTMLButtonElement>(null);
  const save = useSave(
    () => apiPost(`/api/v1/identity/credentials/${credential.id}/revoke`, reason.trim() === '' ? {} : { reason: reason.trim() }, Revoked),
    ['agents', 'ledger'],
  );
  const send = () =>
    save.mutate(undefined, {
      onSuccess: () => {
        close();
        router.refresh();
      },
    });
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      focus={first}
      title={`Revoke the credential that ends in ${credential.hint}?`}
      description="Every token it brought is refused from the moment this is saved. This cannot be undone."
    >
      <TextArea
        label="Why, for people"
        optional
        hint="Kept encrypted beside the ledger, for people who may read it."
        maxLength={revocationReasonLengthMax}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <ProblemLine error={save.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button ref={first} size="lg" onClick={close}>
          Not now
        </Button>
        <Button tone="danger" size="lg" disabled={save.isPending} onClick={send}>
          {save.isPending ? 'Revoking…' : 'Revoke'}
        </Button>
      </div>
    </Dialog>
  );
}
