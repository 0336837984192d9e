'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import Link from 'next/link';
import { useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { ProblemLine } from '@/components/live/problem';
import { placeErrors } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextField, Tick } from '@/components/ui/field';
import { link } from '@/components/ui/link';
import { Empty, Page } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import { TeamRecord, type Team } from '@/lib/people/schema';
import { PeoplePlaces } from './places';
import { useSaveTeam, useTeams } from './queries';
import { WhyNot, type Admin, type Viewer } from './why-not';

type Somebody = { id: string; name: string; email: string };
type Props = { initial: Team[]; people: readonly Somebody[]; viewer: Viewer; admins: readonly Admin[] };
type Editing = Team | 'new' | null;

/** Teams lists people who stand in a RACI cell together; administrators make and change them. */
export function Teams({ initial, people, viewer, admins }: Props) {
  const { data: teams } = useTeams(initial);
  const [editing, setEditing] = useState<Editing>(null);
  const make = (
    <Button tone="primary" disabled={!viewer.manages} onClick={() => setEditing('new')}>
      New team
    </Button>
  );
  return (
    <Page
      title="Teams"
      intro="People who stand in a cell of a RACI matrix together: an approval routed to a team can be signed by any member whose roles let them sign."
      actions={viewer.manages ? make : undefined}
    >
      <PeoplePlaces here="/people/teams" />
      {teams.length === 0 ? (
        <Empty title="No team yet" action={make}>
          A team saves naming the same people in every matrix.{' '}
          <WhyNot code={viewer.manages ? undefined : 'NOT_ADMIN'} admins={admins} viewer={viewer} />
        </Empty>
      ) : (
        <Table caption="Teams, by name" columns={columnsFor(viewer, setEditing)} rows={teams} keyOf={({ id }) => id} />
      )}
      {teams.length > 0 && !viewer.manages ? (
        <div className="mt-3">
          <WhyNot code="NOT_ADMIN" admins={admins} viewer={viewer} />
        </div>
      ) : null}
      {editing === null ? null : (
        <TeamDialog
          key={editing === 'new' ? 'new' : editing.id}
          team={editing === 'new' ? null : editing}
          people={people}
          close={() => setEditing(null)}
        />
      )}
    </Page>
  );
}

function columnsFor(viewer: Viewer, edit: (team: Team) => void): Column<Team>[] {
  return [
    { key: 'name', title: 'Name', cell: (team) => <span className="font-medium">{team.name}</span> },
    { key: 'members', title: 'Members', cell: (team) => <Members team={team} /> },
    { key: 'id', title: 'Id', hide: 'tablet', cell: (team) => <code className="text-xs">{team.id}</code> },
    ...(viewer.manages
      ? [
          {
            key: 'edit',
            title: <span className="sr-only">Change</span>,
            align: 'right' as const,
            cell: (team: Team) => (
              <Button tone="quiet" className="h-7" aria-label={`Change ${team.name}`} onClick={() => edit(team)}>
                Change
              </Button>
            ),
          },
        ]
      : []),
  ];
}

function Members({ team }: { team: Team }) {
  if (team.members.length === 0) return <span className="text-ink-2">nobody yet</span>;
  return (
    <>
      {team.members.map(({ id, name, status }, i) => (
        <span key={id}>
          {i > 0 ? ', ' : ''}
          <Link href={`/people/${id}`} prefetch={false} className={link}>
            {name}
          </Link>
          {status === 'deactivated' ? <span className="text-ink-2"> (deactivated)</span> : ''}
        </span>
      ))}
    </>
  );
}

function TeamDialog({ team, people, close }: { team: Team | null; people: readonly Somebody[]; close: () => void }) {
  const save = useSaveTeam(team?.id ?? null);
  const form = useForm<TeamRecord, unknown, TeamRecord>({
    resolver: zodResolver(TeamRecord),
    defaultValues: { name: team?.name ?? '', memberIds: team?.members.map(({ id }) => id) ?? [] },
  });
  const { errors } = form.formState;
  const submit = form.handleSubmit((values) =>
    save.mutate(values, { onSuccess: close, onError: (error) => placeErrors(error, form.setError, ['name', 'memberIds']) }),
  );
  return (
    <Dialog open onOpenChange={(next) => !next && close()} title={team ? `Change ${team.name}` : 'New team'}>
      <form onSubmit={(event) => void submit(event)} noValidate className="flex min-h-0 flex-col gap-4">
        <TextField label="Name" autoComplete="off" error={errors.name?.message} {...form.register('name')} />
        <Controller
          control={form.control}
          name="memberIds"
          render={({ field }) => (
            <MembersField
              candidates={candidatesOf(team, people)}
              value={field.value}
              onChange={field.onChange}
              error={errors.memberIds?.message}
            />
          )}
        />
        <ProblemLine error={save.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button size="lg" onClick={close}>
            Not now
          </Button>
          <Button type="submit" tone="primary" size="lg" disabled={save.isPending}>
            {save.isPending ? 'Saving…' : team ? 'Save team' : 'Make team'}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type Candidate = { id: string; name: string; about: string };

/** Active people, and members who were deactivated: they can only be taken out. */
function candidatesOf(team: Team | null, people: readonly Somebody[]): Candidate[] {
  const gone = team?.members.filter(({ status }) => status === 'deactivated') ?? [];
  return [
    ...gone.map(({ id, name }) => ({ id, name, about: 'deactivated' })),
    ...people.map(({ id, name, email }) => ({ id, name, about: email })),
  ];
}

type MembersProps = { candidates: Candidate[]; value: string[]; onChange: (ids: string[]) => void; error: string | undefined };

function MembersField({ candidates, value, onChange, error }: MembersProps) {
  const [search, setSearch] = useState('');
  const typed = search.trim().toLowerCase();
  const shown = candidates.filter(({ name, about }) => `${name} ${about}`.toLowerCase().includes(typed));
  return (
    <fieldset className="flex min-h-0 flex-col gap-2">
      <legend className="mb-1 text-sm font-medium">Members ({value.length})</legend>
      <input
        type="search"
        aria-label="Search people"
        placeholder="Name or e-mail"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        className="h-8 rounded-md border border-control bg-raised px-2.5 text-sm placeholder:text-ink-2"
      />
      <div className="flex max-h-64 flex-col gap-1.5 overflow-y-auto rounded-md border border-line p-2">
        {shown.map(({ id, name, about }) => (
          <Tick
            key={id}
            label={name}
            hint={about}
            checked={value.includes(id)}
            onChange={(event) => onChange(event.target.checked ? [...value, id] : value.filter((each) => each !== id))}
          />
        ))}
        {shown.length === 0 ? <p className="text-sm text-ink-2">Nobody matches.</p> : null}
      </div>
      {error ? (
        <p className="text-sm text-danger" data-field-error>
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
