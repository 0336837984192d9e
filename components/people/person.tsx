'use client';

import Link from 'next/link';
import { useState, type ReactNode } from 'react';
import { ProblemLine } from '@/components/live/problem';
import { Fact, Facts, Section } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { Button } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { whyNotDeactivate, whyNotGiveRoles, whyNotReactivate, whyNotReset } from '@/lib/people/domain/changes';
import type { PersonView } from '@/lib/people/schema';
import { roleDuties, roleNames } from '@/lib/people/wording';
import { Deactivate } from './deactivate';
import { EditPerson, type Someone } from './edit';
import { OneTime } from './one-time';
import { usePerson, useReactivate, useResetPassword, useUnlock } from './queries';
import { LastSignIn, PersonState } from './state';
import { WhyNot, type Admin, type Viewer } from './why-not';

type Props = { person: PersonView; viewer: Viewer; admins: readonly Admin[] };

/** Person is one account: who it is, what its roles let it do, and what an administrator can do to it. */
export function Person({ person: initial, viewer, admins, people }: Props & { people: readonly Someone[] }) {
  const { data: person } = usePerson(initial);
  return (
    <>
      <About person={person} />
      <Roles person={person} viewer={viewer} admins={admins} people={people} />
      {viewer.manages ? (
        <>
          <SignIn person={person} viewer={viewer} admins={admins} />
          <Leaving person={person} viewer={viewer} admins={admins} />
        </>
      ) : null}
    </>
  );
}

function About({ person }: { person: PersonView }) {
  return (
    <div className="pb-4">
      <Facts>
        <Fact name="State">
          <PersonState person={person} />
        </Fact>
        <Fact name="E-mail">{person.email}</Fact>
        <Fact name="Teams">{person.teams.length === 0 ? 'None' : person.teams.map(({ name }) => name).join(', ')}</Fact>
        <Fact name="Manager">
          {person.manager ? (
            <Link href={`/people/${person.manager.id}`} className={link}>
              {person.manager.name}
            </Link>
          ) : (
            'Nobody: without a successor, what they answer for goes to owners of processes'
          )}
          {person.manager?.status === 'deactivated' ? ' (deactivated, so inherits nothing)' : ''}
          {person.reports > 0 ? `; manager of ${person.reports === 1 ? 'one person' : `${person.reports} people`}` : ''}
        </Fact>
        <Fact name="Last sign-in">
          <LastSignIn at={person.lastSignInAt} />
          {person.sessions > 0 ? `; open now in ${person.sessions === 1 ? 'one place' : `${person.sessions} places`}` : ''}
        </Fact>
        {person.otherAccounts.length > 0 ? (
          <Fact name="Same person as">
            {person.otherAccounts.map(({ id, name, email, status }) => (
              <Link key={id} href={`/people/${id}`} className={`mr-3 ${link}`}>
                {name}, {email}
                {status === 'deactivated' ? ' (deactivated)' : ''}
              </Link>
            ))}
          </Fact>
        ) : null}
        <Fact name="Added">
          <Exact at={person.createdAt} />
        </Fact>
        {person.deactivatedAt ? (
          <Fact name="Deactivated">
            <Exact at={person.deactivatedAt} />
          </Fact>
        ) : null}
        <Fact name="Id">
          <code className="text-xs">{person.id}</code>
        </Fact>
      </Facts>
    </div>
  );
}

function Roles({ person, viewer, admins, people }: Props & { people: readonly Someone[] }) {
  const why = viewer.manages ? whyNotGiveRoles(viewer.personId, person) : 'NOT_ADMIN';
  const editable = why === undefined || why === 'OWN_ROLES';
  return (
    <Section
      title="Name, manager and roles"
      aside={
        <Link href="/people/roles" className={link}>
          What each role may do
        </Link>
      }
    >
      {why === undefined ? null : (
        <div className="mb-3">
          <ul className="mb-2 flex flex-col gap-1">
            {person.roles.map((role) => (
              <li key={role}>
                {roleNames[role]}
                <span className="block text-sm text-ink-2">{roleDuties[role]}</span>
              </li>
            ))}
          </ul>
          <WhyNot code={why} admins={admins} viewer={viewer} />
        </div>
      )}
      {editable ? <EditPerson person={person} people={people} ownRoles={why === 'OWN_ROLES'} /> : null}
    </Section>
  );
}

function SignIn({ person, viewer, admins }: Props) {
  const reset = useResetPassword(person.id);
  const unlock = useUnlock(person.id);
  const own = viewer.personId === person.personId;
  const why = whyNotReset(viewer.personId, person);
  if (person.status !== 'active') return null;
  return (
    <Section title="Sign-in">
      <div className="flex flex-col gap-4">
        {person.lockedUntil === null ? null : (
          <Deed
            words="Sign-in is closed after too many wrong passwords, and opens by itself. Open it now if you know that it was them."
            button={
              <Button disabled={unlock.isPending} onClick={() => unlock.mutate(undefined)}>
                {unlock.isPending ? 'Opening…' : 'Open sign-in again'}
              </Button>
            }
          >
            <ProblemLine error={unlock.error} />
          </Deed>
        )}
        {reset.data ? (
          <OneTime password={reset.data.oneTimePassword} name={person.name} />
        ) : (
          <Deed
            words={
              own
                ? 'You change your own password with the present one.'
                : 'A reset signs them out everywhere and makes a one-time password.'
            }
            button={
              own ? (
                <Link href="/people/me" className={link}>
                  My account
                </Link>
              ) : (
                <Button disabled={why !== undefined || reset.isPending} onClick={() => reset.mutate(undefined)}>
                  {reset.isPending ? 'Resetting…' : 'Reset password'}
                </Button>
              )
            }
          >
            {own ? null : <WhyNot code={why} admins={admins} viewer={viewer} />}
            <ProblemLine error={reset.error} />
          </Deed>
        )}
      </div>
    </Section>
  );
}

function Leaving({ person, viewer, admins }: Props) {
  const [asking, setAsking] = useState(false);
  const reactivate = useReactivate(person.id);
  if (reactivate.data)
    return (
      <Section title="Reactivated">
        <OneTime password={reactivate.data.oneTimePassword} name={person.name} />
      </Section>
    );
  if (person.status === 'deactivated') {
    const why = whyNotReactivate(viewer.personId, person);
    return (
      <Section title="Coming back">
        <Deed
          words="They get a one-time password and the roles above. Sessions and approvals that ended stay ended."
          button={
            <Button disabled={why !== undefined || reactivate.isPending} onClick={() => reactivate.mutate(undefined)}>
              {reactivate.isPending ? 'Reactivating…' : 'Reactivate'}
            </Button>
          }
        >
          <WhyNot code={why} admins={admins} viewer={viewer} />
          <ProblemLine error={reactivate.error} />
        </Deed>
      </Section>
    );
  }
  const why = whyNotDeactivate(viewer.personId, person);
  return (
    <Section title="Leaving">
      <Deed
        words="Deactivating ends their sessions and what they signed that was not used, and gives what they answer for to others, at once. You see what that is first."
        button={
          <Button tone="danger" disabled={why !== undefined} onClick={() => setAsking(true)}>
            Deactivate…
          </Button>
        }
      >
        <WhyNot code={why} admins={admins} viewer={viewer} />
      </Deed>
      {asking ? <Deactivate person={person} close={() => setAsking(false)} /> : null}
    </Section>
  );
}

/** Deed is a button with the sentence that says what it does, and below it why it is closed. */
function Deed({ words, button, children }: { words: string; button: ReactNode; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1.5">
      <p className="max-w-[64ch]">{words}</p>
      <div>{button}</div>
      {children}
    </div>
  );
}
