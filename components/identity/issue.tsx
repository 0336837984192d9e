'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { apiPost } from '@/components/live/query';
import { ProblemLine } from '@/components/live/problem';
import { placeErrors, useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Choice, TextField } from '@/components/ui/field';
import {
  CredentialLabel,
  credentialDaysDefault,
  credentialLabelLengthMax,
  IssuedAnswer,
  rotationOverlapSeconds,
  type CredentialAnswer,
} from '@/lib/identity/schema';
import type { CredentialAgent } from './credentials';
import { Secret } from './secret';

const days = [
  { value: '1', label: 'a day' },
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '180', label: '180 days' },
  { value: '365', label: 'a year, the longest' },
];
const overlaps = [
  { value: '0', label: 'not at all: it ends at once' },
  { value: '3600', label: 'for an hour' },
  { value: '86400', label: 'for a day' },
  { value: '604800', label: 'for a week' },
];

const Values = z.object({ label: CredentialLabel, days: z.string(), overlap: z.string() });
type Values = z.infer<typeof Values>;

type Props = { agent: CredentialAgent; replaces?: CredentialAnswer; gatewayUrl: string; close: () => void };

/** Issue makes a credential, or the one that replaces another, and shows its secret: once. */
export function Issue({ agent, replaces, gatewayUrl, close }: Props) {
  const router = useRouter();
  const form = useForm<Values>({
    resolver: zodResolver(Values),
    defaultValues: { label: replaces?.label ?? '', days: String(credentialDaysDefault), overlap: String(rotationOverlapSeconds) },
  });
  const save = useSave(
    ({ label, days: lasts, overlap }: Values) =>
      replaces
        ? apiPost(
            `/api/v1/identity/credentials/${replaces.id}/rotate`,
            { label, days: Number(lasts), overlapSeconds: Number(overlap) },
            IssuedAnswer,
          )
        : apiPost('/api/v1/identity/credentials', { agent: agent.id, label, days: Number(lasts) }, IssuedAnswer),
    ['agents', 'ledger'],
  );
  const leave = () => {
    close();
    if (save.data) router.refresh();
  };
  const send = form.handleSubmit((values) =>
    save.mutate(values, { onError: (error) => void placeErrors(error, form.setError, ['label']) }),
  );
  if (save.data)
    return (
      <Dialog
        open
        onOpenChange={() => undefined}
        title="Take the secret now"
        description={`It works from now on. Put it where ${agent.name} runs.`}
      >
        <Secret issued={save.data} gatewayUrl={gatewayUrl} />
        <div className="flex justify-end">
          <Button tone="primary" size="lg" onClick={leave}>
            I have taken it
          </Button>
        </div>
      </Dialog>
    );
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && leave()}
      title={replaces ? 'Replace this credential?' : `Make a credential for ${agent.name}?`}
      description={
        replaces
          ? `A new secret is made; the one that ends in ${replaces.hint} goes on working as you choose, and never longer than it would have.`
          : 'A client id and a secret of its own. The secret is shown once.'
      }
    >
      <form onSubmit={(event) => void send(event)} className="flex flex-col gap-4" noValidate>
        <TextField
          label="Label"
          optional
          hint="Where it is kept, so that people can tell it from others."
          maxLength={credentialLabelLengthMax}
          error={form.formState.errors.label?.message}
          {...form.register('label')}
        />
        <Choice label="Works for" options={days} {...form.register('days')} />
        {replaces ? <Choice label="The old one goes on" options={overlaps} {...form.register('overlap')} /> : null}
        <ProblemLine error={save.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button size="lg" onClick={leave}>
            Not now
          </Button>
          <Button type="submit" tone="primary" size="lg" disabled={save.isPending}>
            {save.isPending ? 'Making…' : replaces ? 'Replace it' : 'Make the credential'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
