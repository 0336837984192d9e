'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import Link from 'next/link';
import { Controller, useForm } from 'react-hook-form';
import { ProblemLine } from '@/components/live/problem';
import { placeErrors } from '@/components/live/save';
import { Button, buttonLook } from '@/components/ui/button';
import { Choice, TextField } from '@/components/ui/field';
import { NewPerson } from '@/lib/people/schema';
import { useAwake } from '@/components/text/awake';
import { OneTime } from './one-time';
import { useAddPerson } from './queries';
import { RolesField } from './roles';

type Account = { id: string; name: string; email: string };
type Someone = { id: string; name: string };
const empty: NewPerson = { name: '', email: '', roles: [] };

/** AddPerson makes an account and then shows its one-time password, once. */
export function AddPerson({ accounts, people }: { accounts: readonly Account[]; people: readonly Someone[] }) {
  const add = useAddPerson();
  const form = useForm<NewPerson, unknown, NewPerson>({ resolver: zodResolver(NewPerson), defaultValues: empty });
  const { errors } = form.formState;
  const awake = useAwake();
  if (add.data)
    return (
      <Added
        id={add.data.id}
        password={add.data.oneTimePassword}
        name={form.getValues('name')}
        another={() => {
          form.reset(empty);
          add.reset();
        }}
      />
    );
  const save = form.handleSubmit((values) =>
    add.mutate(values, { onError: (error) => placeErrors(error, form.setError, ['name', 'email', 'roles', 'samePersonAs', 'managerId']) }),
  );
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <fieldset disabled={!awake} className="flex flex-col gap-5">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label="Name" autoComplete="off" error={errors.name?.message} {...form.register('name')} />
          <TextField
            label="E-mail"
            type="email"
            autoComplete="off"
            hint="They sign in with it. It cannot be changed later."
            error={errors.email?.message}
            {...form.register('email')}
          />
          <Choice
            label="Same person as"
            optional
            none="A new person"
            hint="A second account of one human: nobody signs what they asked for, under either."
            options={accounts.map(({ id, name, email }) => ({ value: id, label: `${name}, ${email}` }))}
            error={errors.samePersonAs?.message}
            {...form.register('samePersonAs', { setValueAs: (value: string) => (value === '' ? undefined : value) })}
          />
          <Choice
            label="Manager"
            optional
            none="Nobody"
            hint="Inherits what they answer for when they leave and no successor was named."
            options={people.map(({ id, name }) => ({ value: id, label: name }))}
            error={errors.managerId?.message}
            {...form.register('managerId', { setValueAs: (value: string) => (value === '' ? undefined : value) })}
          />
        </div>
        <Controller
          control={form.control}
          name="roles"
          render={({ field }) => <RolesField before={[]} value={field.value} onChange={field.onChange} error={errors.roles?.message} />}
        />
        <ProblemLine error={add.error} />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" tone="primary" size="lg" disabled={add.isPending}>
            {add.isPending ? 'Adding…' : 'Add person'}
          </Button>
          <Link href="/people" className={buttonLook({ size: 'lg' })}>
            Not now
          </Link>
        </div>
      </fieldset>
    </form>
  );
}

function Added({ id, password, name, another }: { id: string; password: string; name: string; another: () => void }) {
  return (
    <div className="flex flex-col gap-4">
      <OneTime password={password} name={name} />
      <div className="flex flex-wrap gap-2">
        <Link href={`/people/${id}`} className={buttonLook({ tone: 'primary', size: 'lg' })}>
          I have passed it on
        </Link>
        <Button size="lg" onClick={another}>
          Add another person
        </Button>
      </div>
    </div>
  );
}
