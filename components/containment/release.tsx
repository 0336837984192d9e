'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiPost } from '@/components/live/query';
import { placeErrors, useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { TextArea } from '@/components/ui/field';
import { Release } from '@/lib/containment/schema';

const Released = z.object({ workflow: z.string(), decisions: z.array(z.string()) });
const Form = z.object({ reason: z.string().trim().min(1, 'Say why it may go on.').pipe(Release.shape.reason) });
type Form = z.infer<typeof Form>;

/** ReleaseForm lets a halted workflow go on, with a reason that stands in the ledger. */
export function ReleaseForm({ workflow }: { workflow: string }) {
  const router = useRouter();
  const save = useSave(
    (body: Form) => apiPost(`/api/v1/containment/workflows/${workflow}/release`, body, Released),
    ['approvals', 'ledger'],
  );
  const { register, handleSubmit, setError, formState } = useForm<Form>({ resolver: zodResolver(Form), defaultValues: { reason: '' } });
  const send = (body: Form) =>
    save.mutate(body, {
      onSuccess: () => router.refresh(),
      onError: (error) => placeErrors(error, setError, ['reason']),
    });
  return (
    <form noValidate className="flex flex-col gap-2" onSubmit={(event) => void handleSubmit(send)(event)}>
      <TextArea
        label="Reason"
        rows={2}
        hint="What you looked at and why it may go on. The action that halted it is not allowed by this; it is checked anew if it is asked again."
        error={formState.errors.reason?.message}
        {...register('reason')}
      />
      <ProblemLine error={save.error} />
      <div>
        <Button type="submit" tone="primary" disabled={save.isPending || save.isSuccess}>
          {save.isPending || save.isSuccess ? 'Releasing…' : 'Release workflow'}
        </Button>
      </div>
    </form>
  );
}
