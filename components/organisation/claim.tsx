'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiPost, QueryProvider } from '@/components/live/query';
import { placeErrors, useSave } from '@/components/live/save';
import { useAwake } from '@/components/text/awake';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { Claim } from '@/lib/organisation/schema';
import { passwordLengthMin } from '@/lib/people/schema';

const Answer = z.object({ email: z.string() });
const fields = ['token', 'organisation', 'name', 'email', 'password'] as const;

/** ClaimForm makes the first administrator and then goes to sign in. */
export function ClaimForm({ token }: { token: string }) {
  return (
    <QueryProvider>
      <Form token={token} />
    </QueryProvider>
  );
}

function Form({ token }: { token: string }) {
  const claim = useSave((body: Claim) => apiPost('/api/v1/organisation/claim', body, Answer), []);
  const form = useForm<z.input<typeof Claim>, unknown, Claim>({
    resolver: zodResolver(Claim),
    defaultValues: { token, organisation: '', name: '', email: '', password: '' },
  });
  const { errors } = form.formState;
  const awake = useAwake();
  const save = form.handleSubmit((values) =>
    claim.mutate(values, {
      onSuccess: () => window.location.assign('/sign-in'),
      onError: (error) => placeErrors(error, form.setError, [...fields]),
    }),
  );
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <fieldset disabled={!awake || claim.isSuccess} className="flex flex-col gap-4">
        <TextField
          label="Organisation"
          autoComplete="organization"
          error={errors.organisation?.message}
          {...form.register('organisation')}
        />
        <TextField label="Your name" autoComplete="name" error={errors.name?.message} {...form.register('name')} />
        <TextField label="E-mail" type="email" autoComplete="username" error={errors.email?.message} {...form.register('email')} />
        <TextField
          label="Password"
          type="password"
          autoComplete="new-password"
          hint={`At least ${passwordLengthMin} characters.`}
          error={errors.password?.message}
          {...form.register('password')}
        />
        <TextField
          label="Token"
          autoComplete="off"
          spellCheck={false}
          hint="From the link that npm start printed, so that nobody else on the network can do this."
          error={errors.token?.message}
          {...form.register('token')}
        />
        <ProblemLine error={claim.error} />
        <Button type="submit" tone="primary" size="lg" disabled={claim.isPending || claim.isSuccess}>
          {claim.isPending || claim.isSuccess ? 'Making the account…' : 'Begin'}
        </Button>
      </fieldset>
    </form>
  );
}
