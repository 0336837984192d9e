'use client';

import { useState } from 'react';
import { ProblemLine } from '@/components/live/problem';
import { Section } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/page';
import type { OwnSession } from '@/lib/people/schema';
import { PasswordForm } from './password';
import { useEndOtherSessions, useOwnSessions } from './queries';

const places = (n: number): string => (n === 1 ? 'one other place' : `${n} other places`);

/** OwnSessions lists where one is signed in, and ends all but this. */
export function OwnSessions({ initial }: { initial: OwnSession[] }) {
  const { data: sessions } = useOwnSessions(initial);
  const end = useEndOtherSessions();
  const others = sessions.filter(({ current }) => !current).length;
  return (
    <Section title="Where I am signed in">
      <ul className="flex flex-col gap-1">
        {sessions.map((session) => (
          <li key={session.createdAt}>
            Since <Exact at={session.createdAt} />
            {session.current ? ', here' : ''}
            <span className="block text-sm text-ink-2">
              ends by itself <Exact at={session.expiresAt} />
            </span>
          </li>
        ))}
      </ul>
      <div className="mt-3 flex flex-col gap-2">
        <div>
          <Button disabled={others === 0 || end.isPending} onClick={() => end.mutate(undefined)}>
            {end.isPending ? 'Ending…' : 'End the others'}
          </Button>
        </div>
        <p role="status" className="text-sm text-ink-2">
          {end.data ? `Signed out in ${places(end.data.sessionsEnded)}.` : others === 0 ? 'You are signed in nowhere else.' : ''}
        </p>
        <ProblemLine error={end.error} />
      </div>
    </Section>
  );
}

/** OwnPassword changes one's password from within the console. */
export function OwnPassword({ email }: { email: string }) {
  const [ended, setEnded] = useState<number | null>(null);
  return (
    <Section title="Change my password">
      {ended === null ? null : (
        <div className="mb-3" role="status">
          <Notice>
            Your password was changed. {ended === 0 ? 'You were signed in nowhere else.' : `You were signed out in ${places(ended)}.`}
          </Notice>
        </div>
      )}
      <PasswordForm email={email} presentLabel="Present password" button="Change password" done={setEnded} />
    </Section>
  );
}
