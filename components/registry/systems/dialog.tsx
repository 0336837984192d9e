'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiPost, apiPut } from '@/components/live/query';
import { placeErrors, useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea, TextField } from '@/components/ui/field';
import { System, SYSTEM_DESCRIPTION_LENGTH_MAX, SystemText, TITLE_LENGTH_MAX } from '@/lib/registry/schema';

const oneLine = 'One line of at most 120 characters.';
const Form = z.object({
  name: z.string().refine((name) => SystemText.shape.name.safeParse(name).success, oneLine),
  description: z
    .string()
    .refine((text) => SystemText.shape.description.safeParse(text).success, 'At most 1,000 characters, nothing hidden.'),
});

/** SystemDialog adds a system, or changes what people read of one. */
export function SystemDialog({ system, close }: { system?: System; close: () => void }) {
  const router = useRouter();
  const seen = { name: system?.name ?? '', description: system?.description ?? '' };
  const { register, handleSubmit, setError, formState } = useForm<SystemText>({ resolver: zodResolver(Form), defaultValues: seen });
  const save = useSave(
    (text: SystemText) =>
      system === undefined
        ? apiPost('/api/v1/registry/systems', text, System)
        : apiPut(`/api/v1/registry/systems/${system.id}`, { ...text, seen }, System),
    ['registry'],
  );
  const send = handleSubmit((text) =>
    save.mutate(text, {
      onSuccess: () => {
        close();
        router.refresh();
      },
      onError: (error) => placeErrors(error, setError, ['name', 'description']),
    }),
  );
  return (
    <Dialog open onOpenChange={(next) => !next && close()} title={system === undefined ? 'Add a system' : 'Edit the system'}>
      <form noValidate onSubmit={(event) => void send(event)} className="flex flex-col gap-3">
        <TextField
          label="Name"
          placeholder="ERP"
          maxLength={TITLE_LENGTH_MAX}
          error={formState.errors.name?.message}
          {...register('name')}
        />
        <TextArea
          label="What it is"
          optional
          maxLength={SYSTEM_DESCRIPTION_LENGTH_MAX}
          error={formState.errors.description?.message}
          {...register('description')}
        />
        <ProblemLine error={save.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button size="lg" onClick={close}>
            Cancel
          </Button>
          <Button tone="primary" size="lg" type="submit" disabled={save.isPending}>
            {save.isPending ? 'Saving…' : system === undefined ? 'Add the system' : 'Save the system'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
