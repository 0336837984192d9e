'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { placeErrors } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { PasswordChange, passwordLengthMin } from '@/lib/people/schema';
import { useAwake } from '@/components/text/awake';
import { changeOwnPassword } from './queries';

const Typed = PasswordChange.extend({ again: z.string() })
  .refine(({ next, again }) => next === again, { path: ['again'], message: 'not the same as above' })
  .refine(({ present, next }) => present !== next, { path: ['next'], message: 'this is the present one' });
type Typed = z.input<typeof Typed>;

type Props = { email: string; presentLabel: string; button: string; done: (sessionsEnded: number) => void };

/** PasswordForm replaces one's own password; the present one is asked for, so that an open screen is not enough. */
export function PasswordForm({ email, presentLabel, button, done }: Props) {
  const form = useForm<Typed, unknown, Typed>({ resolver: zodResolver(Typed), defaultValues: { present: '', next: '', again: '' } });
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const awake = useAwake();
  const { errors } = form.formState;
  const save = form.handleSubmit(async ({ present, next }) => {
    setBusy(true);
    setError(undefined);
    try {
      const { sessionsEnded } = await changeOwnPassword({ present, next });
      form.reset();
      done(sessionsEnded);
    } catch (problem) {
      setError(placeErrors(problem, form.setError, ['present', 'next']) ? undefined : problem);
    } finally {
      setBusy(false);
    }
  });
  return (
    <form onSubmit={(event) => void save(event)} method="post" noValidate>
      <fieldset disabled={!awake} className="flex max-w-sm flex-col gap-4">
        {/* For password managers: whose password this is. */}
        <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
        <TextField
          label={presentLabel}
          type="password"
          autoComplete="current-password"
          error={errors.present?.message}
          {...form.register('present')}
        />
        <TextField
          label="New password"
          type="password"
          autoComplete="new-password"
          hint={`At least ${passwordLengthMin} characters; a sentence is easier than signs.`}
          error={errors.next?.message}
          {...form.register('next')}
        />
        <TextField
          label="New password again"
          type="password"
          autoComplete="new-password"
          error={errors.again?.message}
          {...form.register('again')}
        />
        <ProblemLine error={error} />
        <div>
          <Button type="submit" tone="primary" size="lg" disabled={busy}>
            {busy ? 'Changing…' : button}
          </Button>
        </div>
      </fieldset>
    </form>
  );
}
