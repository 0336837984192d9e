'use client';

import { useRef, type ReactNode } from 'react';
import { ProblemLine } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/page';
import type { Departure, PersonView } from '@/lib/people/schema';
import { useDeactivate, useDeparture } from './queries';

/** Deactivate says what ends with an account and what will need a new owner, before it is deactivated. */
export function Deactivate({ person, close }: { person: PersonView; close: () => void }) {
  const departure = useDeparture(person.id, true);
  const deactivate = useDeactivate(person.id);
  const stay = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open
      focus={stay}
      onOpenChange={(next) => !next && close()}
      title={`Deactivate ${person.name}?`}
      description="They are out at once. The account and all it did stay on record, and it can be reactivated."
    >
      {departure.data ? <WhatEnds departure={departure.data} /> : <p className="text-sm text-ink-2">Looking at what would end…</p>}
      <ProblemLine error={departure.error ?? deactivate.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button ref={stay} size="lg" onClick={close}>
          Keep the account
        </Button>
        <Button
          tone="danger"
          size="lg"
          disabled={!departure.data || deactivate.isPending}
          onClick={() => deactivate.mutate(undefined, { onSuccess: close })}
        >
          {deactivate.isPending ? 'Deactivating…' : `Deactivate ${person.name}`}
        </Button>
      </div>
    </Dialog>
  );
}

const count = (n: number, one: string, many: string): string => `${n === 0 ? 'no' : n} ${n === 1 ? one : many}`;

function WhatEnds({ departure }: { departure: Departure }) {
  const { sessions, signed, onBehalf, otherAccounts } = departure;
  const open = otherAccounts.filter(({ status }) => status === 'active');
  return (
    <div className="flex flex-col gap-3 text-base" data-departure>
      <div>
        <h3 className="text-sm font-medium">This ends</h3>
        <ul className="mt-1 list-disc pl-5">
          <li>{count(sessions, 'open session', 'open sessions')}</li>
          <li>{count(signed, 'approval they signed that no agent has used', 'approvals they signed that no agent has used')}</li>
          <li>{count(onBehalf, 'request made on their behalf', 'requests made on their behalf')}</li>
        </ul>
      </div>
      <Owned departure={departure} />
      {open.length > 0 ? (
        <Notice tone="warn">
          The same person has {open.length === 1 ? 'another account that stays' : 'other accounts that stay'} active:{' '}
          {open.map(({ email }) => email).join(', ')}. Deactivate {open.length === 1 ? 'it' : 'them'} as well if the person leaves.
        </Notice>
      ) : null}
    </div>
  );
}

function Owned({ departure }: { departure: Departure }) {
  const { processes, processCount, agents, agentCount, raciCells, teams } = departure;
  if (processCount + agentCount + raciCells + teams.length === 0)
    return <p className="text-sm text-ink-2">They own no process or agent, stand in no RACI matrix and are in no team.</p>;
  return (
    <div>
      <h3 className="text-sm font-medium">This stays in their name and needs a new owner</h3>
      <ul className="mt-1 list-disc pl-5">
        <Line n={processCount} word={count(processCount, 'process', 'processes')} named={processes} />
        <Line n={agentCount} word={count(agentCount, 'agent', 'agents')} named={agents} />
        {raciCells > 0 ? (
          <li>{count(raciCells, 'RACI cell', 'RACI cells')}: approvals routed to them alone reach nobody until then</li>
        ) : null}
        <Line n={teams.length} word={count(teams.length, 'team', 'teams')} named={teams} />
      </ul>
    </div>
  );
}

function Line({ n, word, named }: { n: number; word: string; named: readonly { id: string; name: string }[] }): ReactNode {
  if (n === 0) return null;
  const more = n - named.length;
  return (
    <li>
      {word}: {named.map(({ name }) => name).join(', ')}
      {more > 0 ? ` and ${more} more` : ''}
    </li>
  );
}
