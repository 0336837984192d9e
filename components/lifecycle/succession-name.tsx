'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { Verbatim } from '@/components/text/verbatim';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Choice, TextArea } from '@/components/ui/field';
import { partWords } from '@/lib/lifecycle/domain/succession';
import { Reassignment, type HeldRef } from '@/lib/lifecycle/schema/succession';
import type { Role } from '@/lib/people/schema';
import { roleList } from '@/lib/people/wording';
import { useReassign, type Results } from './succession-queries';

/** Choosable is an active person who could be named. */
export type Choosable = { id: string; name: string; roles: Role[] };

const Form = Reassignment.pick({ to: true, reason: true });
type Form = z.infer<typeof Form>;

type Naming = { name: string; item: HeldRef; people: readonly Choosable[] };

/** NameButton opens the dialog in which a person names who answers for one thing that has nobody. */
export function NameButton(naming: Naming) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)} aria-label={`Name somebody for ${naming.name}`}>
        Name somebody
      </Button>
      {open ? <NameDialog {...naming} close={() => setOpen(false)} /> : null}
    </>
  );
}

function NameDialog({ name, item, people, close }: Naming & { close: () => void }) {
  const router = useRouter();
  return (
    <GiveDialog
      title={
        <>
          Who is {partWords[item.part]} of <Verbatim text={name} />?
        </>
      }
      items={[item]}
      people={people}
      close={close}
      done={(results) => {
        // The number of orphans stands in the tabs, which the server wrote.
        router.refresh();
        if (results.every(({ refusal }) => refusal === null)) close();
      }}
    />
  );
}

type Giving = {
  title: ReactNode;
  items: readonly HeldRef[];
  people: readonly Choosable[];
  close: () => void;
  done: (results: Results) => void;
};

/** choices offers people who could take these things: a process is owned by process owners alone. */
export const choices = (people: readonly Choosable[], items: readonly HeldRef[]): { value: string; label: string }[] =>
  people
    .filter(
      ({ id, roles }) =>
        items.some(({ from }) => from !== id) && (items.every(({ type }) => type === 'agent') || roles.includes('process_owner')),
    )
    .map(({ id, name, roles }) => ({ value: id, label: `${name} (${roleList(roles)})` }));

/** GiveDialog asks to whom and why, and gives; what is refused is said per thing, and the rest stands. */
export function GiveDialog({ title, items, people, close, done }: Giving) {
  const save = useReassign();
  const { register, handleSubmit, formState } = useForm<Form>({ resolver: zodResolver(Form), defaultValues: { to: '', reason: '' } });
  const send = (form: Form) => save.mutate({ ...form, items: [...items] }, { onSuccess: ({ results }) => done(results) });
  const refused = save.data?.results.filter(({ refusal }) => refusal !== null) ?? [];
  const offered = choices(people, items);
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      title={title}
      description="They answer for it from this moment on. It can be undone."
    >
      <form noValidate className="flex flex-col gap-4" onSubmit={(event) => void handleSubmit(send)(event)}>
        <Choice
          label="Give to"
          none="Choose a person"
          options={offered}
          hint={
            items.some(({ type }) => type === 'process') ? 'Only process owners can own a process.' : 'Nobody answers for what they built.'
          }
          error={formState.errors.to?.message}
          {...register('to')}
        />
        <TextArea
          label="Why"
          rows={2}
          hint="Kept with the event in the ledger, under your name."
          error={formState.errors.reason?.message}
          {...register('reason')}
        />
        {refused.length === 0 ? null : (
          <p role="alert" className="rounded-md border border-danger bg-danger-soft px-3 py-2 text-sm" data-refused>
            {[...new Set(refused.map(({ text }) => text))].join(' ')}
          </p>
        )}
        <ProblemLine error={save.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button size="lg" onClick={close}>
            Not now
          </Button>
          <Button type="submit" tone="primary" size="lg" disabled={save.isPending || offered.length === 0}>
            {save.isPending ? 'Giving…' : items.length === 1 ? 'Give it' : `Give ${items.length} things`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
