'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiPost, apiPut } from '@/components/live/query';
import { placeErrors, useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Choice, TextArea, TextField } from '@/components/ui/field';
import { ProcessRecord } from '@/lib/registry/schema';

const Answer = z.object({ id: z.string() });
type Values = z.input<typeof ProcessRecord>;

/** ProcessForm records a process, or changes one (`process`); `owners` are the active process owners. */
export function ProcessForm({ process, owners }: { process?: Values & { id: string }; owners: readonly { id: string; name: string }[] }) {
  const router = useRouter();
  const shown: Values = process
    ? { name: process.name, description: process.description, ownerId: process.ownerId }
    : { name: '', description: '', ownerId: '' };
  const form = useForm<Values, unknown, ProcessRecord>({ resolver: zodResolver(ProcessRecord), defaultValues: shown });
  const { errors } = form.formState;
  const save = useSave(
    (values: ProcessRecord) =>
      process ? apiPut(`/api/v1/raci/${process.id}`, { ...values, shown }, Answer) : apiPost('/api/v1/raci', values, Answer),
    ['raci'],
  );
  const submit = form.handleSubmit((values) =>
    save.mutate(values, {
      onSuccess: ({ id }) => {
        router.push(`/raci/${id}`);
        router.refresh();
      },
      onError: (error) => placeErrors(error, form.setError, ['name', 'description', 'ownerId']),
    }),
  );
  const known = owners.some(({ id }) => id === shown.ownerId) || shown.ownerId === '';
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex max-w-[560px] flex-col gap-4">
      <TextField label="Name" {...form.register('name')} error={errors.name?.message} placeholder="Customer refunds" />
      <TextArea
        label="What it is for"
        optional
        {...form.register('description')}
        error={errors.description?.message}
        hint="One or two sentences that somebody from another department understands."
      />
      <Choice
        label="Owner"
        {...form.register('ownerId')}
        error={errors.ownerId?.message}
        none="Choose a process owner"
        options={[
          ...owners.map(({ id, name }) => ({ value: id, label: name })),
          ...(known ? [] : [{ value: shown.ownerId, label: 'Somebody who is no longer here' }]),
        ]}
        hint={
          process
            ? 'A new owner becomes Accountable for every stage that the old one was, at once.'
            : 'The one person who answers for its outcomes: Accountable for all eight stages until others are named.'
        }
      />
      <ProblemLine error={save.error} />
      <div className="flex gap-2">
        <Button type="submit" tone="primary" size="lg" disabled={save.isPending}>
          {process ? 'Save the process' : 'Add the process'}
        </Button>
        <Button size="lg" onClick={() => router.push(process ? `/raci/${process.id}` : '/raci')}>
          Not now
        </Button>
      </div>
    </form>
  );
}
