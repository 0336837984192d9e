'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useRef } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiPost } from '@/components/live/query';
import { placeErrors, useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { TextField } from '@/components/ui/field';
import type { System } from '@/lib/registry/schema';
import { IssuedToolKeyAnswer, ToolKeyLabel, toolKeyLabelLengthMax, type ToolKeyAnswer } from '@/lib/registry/schema/tool-keys';

const Values = z.object({ label: ToolKeyLabel });
type Values = z.infer<typeof Values>;

/** IssueKey makes a tool key and shows its secret: once. */
export function IssueKey({ system, gatewayUrl, close }: { system: System; gatewayUrl: string; close: () => void }) {
  const router = useRouter();
  const form = useForm<Values>({ resolver: zodResolver(Values), defaultValues: { label: '' } });
  const save = useSave((values: Values) => apiPost(`/api/v1/registry/systems/${system.id}/keys`, values, IssuedToolKeyAnswer), ['ledger']);
  const leave = () => {
    close();
    if (save.data) router.refresh();
  };
  const send = form.handleSubmit((values) =>
    save.mutate(values, { onError: (error) => void placeErrors(error, form.setError, ['label']) }),
  );
  if (save.data)
    return (
      <Dialog open onOpenChange={() => undefined} title="Take the key now" description="It works from now on. Put it where the tool runs.">
        <Taken issued={save.data} gatewayUrl={gatewayUrl} />
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
      title={`Make a tool key for ${system.name}?`}
      description="A tool that has it reports calls without a receipt, and can do nothing else with it. The secret is shown once."
    >
      <form onSubmit={(event) => void send(event)} className="flex flex-col gap-4" noValidate>
        <TextField
          label="Label"
          optional
          hint="Where it is kept, so that people can tell it from others."
          maxLength={toolKeyLabelLengthMax}
          error={form.formState.errors.label?.message}
          {...form.register('label')}
        />
        <ProblemLine error={save.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button size="lg" onClick={leave}>
            Not now
          </Button>
          <Button type="submit" tone="primary" size="lg" disabled={save.isPending}>
            {save.isPending ? 'Making…' : 'Make the key'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Taken({ issued, gatewayUrl }: { issued: IssuedToolKeyAnswer; gatewayUrl: string }) {
  const { key, secret } = issued;
  const lines = [
    { label: 'Key id', text: key.id },
    { label: 'Secret', text: secret },
    {
      label: 'In a tool that uses the client library',
      text: `new ReceiptVerifier({ url: '${gatewayUrl}', report: { keyId: '${key.id}', secret: process.env.TOOL_KEY_SECRET } })`,
    },
    {
      label: 'In any other tool, to try it',
      text: `curl -s ${gatewayUrl}/api/sightings -u ${key.id}:${secret} -H 'content-type: application/json' -d '{"action":"payments.create","code":"RECEIPT_MISSING"}'`,
    },
  ];
  return (
    <div className="flex flex-col gap-3" data-secret>
      {lines.map(({ label, text }) => (
        <div key={label}>
          <p className="text-sm font-medium">{label}</p>
          <div className="flex items-start gap-2">
            <code className="min-w-0 flex-1 rounded-md bg-sunken px-2 py-1.5 text-[13px] leading-5 break-all" data-line={label}>
              {text}
            </code>
            <CopyButton text={text} label={`Copy: ${label.toLowerCase()}`} />
          </div>
        </div>
      ))}
      <p className="text-sm text-ink-2">
        The secret is kept nowhere. When this is closed, nobody can read it again; lose it, and you make another key.
      </p>
    </div>
  );
}

const Revoked = z.object({ id: z.string() });

/** RevokeKey ends a tool key. */
export function RevokeKey({ toolKey, close }: { toolKey: ToolKeyAnswer; close: () => void }) {
  const router = useRouter();
  const first = useRef<HTMLButtonElement>(null);
  const save = useSave(() => apiPost(`/api/v1/registry/systems/${toolKey.systemId}/keys/${toolKey.id}/revoke`, {}, Revoked), ['ledger']);
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
      title={toolKey.label === '' ? 'Revoke this tool key?' : `Revoke the tool key “${toolKey.label}”?`}
      description="Reports with it are refused within a second. Its tools go on checking receipts. This cannot be undone."
    >
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
