'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea } from '@/components/ui/field';
import type { DraftPage } from '@/lib/policy/reading/schema';
import { NOTE_LENGTH_MAX } from '@/lib/policy/schema';
import { useReturnDraft } from './queries';

const Form = z.object({
  reason: z.string().trim().min(1, 'Say why, in a sentence.').max(NOTE_LENGTH_MAX, `At most ${NOTE_LENGTH_MAX} characters.`),
});
type Form = z.infer<typeof Form>;

/** ReturnDialog sends a draft back to be written on, with a reason; signatures it has are gone. */
export function ReturnDialog({ draft, close }: { draft: DraftPage; close: () => void }) {
  const { register, handleSubmit, formState } = useForm<Form>({ resolver: zodResolver(Form), defaultValues: { reason: '' } });
  const giveBack = useReturnDraft(draft.id);
  const own = draft.signBlock === 'EDITED_IT';
  const send = handleSubmit(({ reason }) => giveBack.mutate(reason, { onSuccess: close }));
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      title={own ? 'Take this draft back?' : 'Send this draft back?'}
      description={
        draft.signed.length === 0
          ? 'It can be edited again, and sent for signing again.'
          : 'It can be edited again. What was signed of it does not count any more.'
      }
    >
      <form onSubmit={send} noValidate className="flex flex-col gap-4">
        <TextArea
          label="Why"
          hint={own ? undefined : 'Whoever wrote it reads this.'}
          error={formState.errors.reason?.message}
          {...register('reason')}
        />
        <ProblemLine error={giveBack.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button size="lg" onClick={close}>
            Not yet
          </Button>
          <Button type="submit" tone="primary" size="lg" disabled={giveBack.isPending}>
            {own ? 'Take it back' : 'Send it back'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
