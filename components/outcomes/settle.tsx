'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiPost } from '@/components/live/query';
import { placeErrors, useSave } from '@/components/live/save';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea } from '@/components/ui/field';
import { FinalStatus, Settle } from '@/lib/outcomes/schema';
import { settleChoices } from './status';

const Settled = z.object({ decision: z.string(), status: FinalStatus });
const Form = z.object({
  status: z.enum(FinalStatus.options, 'Choose what really happened.'),
  reason: z.string().trim().min(1, 'Say how you know.').pipe(Settle.shape.reason),
});
type Form = z.infer<typeof Form>;

type Props = { decision: string; sentence: string | null };

/** SettleButton opens the dialog in which a person says what an action, whose agent could not tell, really did. */
export function SettleButton(props: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button className="relative z-10" onClick={() => setOpen(true)}>
        Settle
      </Button>
      {open ? <SettleDialog {...props} close={() => setOpen(false)} /> : null}
    </>
  );
}

function SettleDialog({ decision, sentence, close }: Props & { close: () => void }) {
  const router = useRouter();
  const save = useSave((body: Form) => apiPost(`/api/v1/outcomes/${decision}/settle`, body, Settled), ['outcomes', 'ledger', 'approvals']);
  const { register, handleSubmit, setError, formState } = useForm<Form>({ resolver: zodResolver(Form), defaultValues: { reason: '' } });
  const { errors } = formState;
  const send = (body: Form) =>
    save.mutate(body, {
      onSuccess: () => {
        router.refresh();
        close();
      },
      onError: (error) => placeErrors(error, setError, ['status', 'reason']),
    });
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      title="What really happened?"
      description={sentence === null ? undefined : <Verbatim text={sentence} />}
    >
      <form noValidate className="flex flex-col gap-4" onSubmit={(event) => void handleSubmit(send)(event)}>
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 text-sm text-ink-2">
            The agent could not tell. Look at the system itself, not at what the agent says of it. Until this is settled the agent is not
            allowed to try the same again.
          </legend>
          {settleChoices.map(({ value, label, hint }) => (
            <label key={value} className="flex items-start gap-2.5 rounded-md px-2 py-1.5 hover:bg-sunken">
              <input type="radio" value={value} {...register('status')} className="mt-[3px] size-4 shrink-0 accent-(--accent)" />
              <span className="min-w-0">
                {label}
                <span className="block text-sm text-ink-2">{hint}</span>
              </span>
            </label>
          ))}
          {errors.status ? (
            <p className="text-sm text-danger" data-field-error>
              {errors.status.message}
            </p>
          ) : null}
        </fieldset>
        <TextArea
          label="How you know"
          rows={3}
          hint="Kept with the event in the ledger, under your name. The agent does not see it."
          error={errors.reason?.message}
          {...register('reason')}
        />
        <ProblemLine error={save.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button size="lg" onClick={close}>
            Not yet
          </Button>
          <Button type="submit" tone="primary" size="lg" disabled={save.isPending}>
            {save.isPending ? 'Settling…' : 'Settle outcome'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
