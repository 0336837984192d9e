'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { ProblemLine } from '@/components/live/problem';
import { placeErrors } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/field';
import { PersonRecord, type PersonView } from '@/lib/people/schema';
import { useAwake } from './awake';
import { useChangePerson } from './queries';
import { RolesField } from './roles';

/** EditPerson changes name and roles; `ownRoles`: one's own name, never one's own roles. */
export function EditPerson({ person, ownRoles }: { person: PersonView; ownRoles: boolean }) {
  const change = useChangePerson(person.id);
  const [saved, setSaved] = useState(false);
  const awake = useAwake();
  const form = useForm<PersonRecord, unknown, PersonRecord>({
    resolver: zodResolver(PersonRecord),
    values: { name: person.name, roles: person.roles },
    resetOptions: { keepDirtyValues: true },
  });
  const { errors, isDirty } = form.formState;
  const save = form.handleSubmit((values) =>
    change.mutate(values, {
      onError: (error) => placeErrors(error, form.setError, ['name', 'roles']),
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
          <Button type="submit" tone="primary" disabled={!isDirty || change.isPending}>
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
