'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { ProblemLine } from '@/components/live/problem';
import { placeErrors } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Choice, TextField } from '@/components/ui/field';
import { PersonRecord, type PersonView } from '@/lib/people/schema';
import { useAwake } from '@/components/text/awake';
import { useChangePerson } from './queries';
import { RolesField } from './roles';

/** Someone is who could be chosen as a manager. */
export type Someone = { id: string; name: string };
type Props = { person: PersonView; people: readonly Someone[]; ownRoles: boolean };

/** EditPerson changes name, manager and roles; `ownRoles`: one's own name, never one's own roles. */
export function EditPerson({ person, people, ownRoles }: Props) {
  const change = useChangePerson(person.id);
  const [saved, setSaved] = useState(false);
  const awake = useAwake();
  const form = useForm<PersonRecord, unknown, PersonRecord>({
    resolver: zodResolver(PersonRecord),
    values: { name: person.name, roles: person.roles, managerId: person.manager?.id ?? null },
    resetOptions: { keepDirtyValues: true },
  });
  const { errors, isDirty } = form.formState;
  const save = form.handleSubmit((values) =>
    change.mutate(values, {
      onError: (error) => placeErrors(error, form.setError, ['name', 'roles', 'managerId']),
      onSuccess: () => {
        form.reset(values);
        setSaved(true);
      },
    }),
  );
  return (
    <form onSubmit={(event) => void save(event)} onChange={() => setSaved(false)} noValidate>
      <fieldset disabled={!awake} className="flex flex-col gap-4">
        <TextField label="Name" className="max-w-sm" autoComplete="off" error={errors.name?.message} {...form.register('name')} />
        <Controller
          control={form.control}
          name="managerId"
          render={({ field }) => (
            <Choice
              label="Manager"
              className="max-w-sm"
              optional
              none="Nobody"
              hint="Inherits what they answer for when they leave and no successor was named."
              options={managersFor(person, people)}
              error={errors.managerId?.message}
              name={field.name}
              value={field.value ?? ''}
              onBlur={field.onBlur}
              onChange={(event) => field.onChange(event.target.value === '' ? null : event.target.value)}
            />
          )}
        />
        {ownRoles ? null : (
          <Controller
            control={form.control}
            name="roles"
            render={({ field }) => (
              <RolesField before={person.roles} value={field.value} onChange={field.onChange} error={errors.roles?.message} />
            )}
          />
        )}
        <ProblemLine error={change.error} />
        <div className="flex items-center gap-3">
          <Button type="submit" tone="primary" size="lg" disabled={!isDirty || change.isPending}>
            {change.isPending ? 'Saving…' : 'Save changes'}
          </Button>
          <span role="status" className="text-sm text-ink-2">
            {saved ? 'Saved.' : ''}
          </span>
        </div>
      </fieldset>
    </form>
  );
}

/** Whoever is the manager now stays to be seen, also after they left. */
function managersFor({ id, manager, otherAccounts }: PersonView, people: readonly Someone[]): { value: string; label: string }[] {
  const own = new Set([id, ...otherAccounts.map((other) => other.id)]);
  const offered = people.filter((one) => !own.has(one.id)).map((one) => ({ value: one.id, label: one.name }));
  if (!manager || people.some((one) => one.id === manager.id)) return offered;
  return [...offered, { value: manager.id, label: `${manager.name} (deactivated)` }];
}
