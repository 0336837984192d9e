'use client';

import { useRef, type ReactNode } from 'react';
import { ProblemLine } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Notice } from '@/components/ui/page';
import type { Departure, PersonView } from '@/lib/people/schema';
import { useDeparturePlan } from '@/components/lifecycle/succession-queries';
import { partWords, wayWords } from '@/lib/lifecycle/domain/succession';
import type { DeparturePlan, PlannedMove } from '@/lib/lifecycle/schema/succession';
import { useDeactivate, useDeparture } from './queries';

/** Deactivate says what ends with an account, who takes what they answer for, and what nobody takes, before it is deactivated. */
export function Deactivate({ person, close }: { person: PersonView; close: () => void }) {
  const departure = useDeparture(person.id, true);
  const plan = useDeparturePlan(person.id);
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
      {departure.data && plan.data ? (
        <WhatEnds departure={departure.data} plan={plan.data} />
      ) : (
        <p className="text-sm text-ink-2">Looking at what would end…</p>
      )}
      <ProblemLine error={departure.error ?? plan.error ?? deactivate.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button ref={stay} size="lg" onClick={close}>
          Keep the account
        </Button>
        <Button
          tone="danger"
          size="lg"
          disabled={!departure.data || !plan.data || deactivate.isPending}
          onClick={() => deactivate.mutate(undefined, { onSuccess: close })}
        >
          {deactivate.isPending ? 'Deactivating…' : `Deactivate ${person.name}`}
        </Button>
      </div>
    </Dialog>
  );
}

const count = (n: number, one: string, many: string): string => `${n === 0 ? 'no' : n} ${n === 1 ? one : many}`;

function WhatEnds({ departure, plan }: { departure: Departure; plan: DeparturePlan }) {
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
      <Owned departure={departure} plan={plan} />
      {open.length > 0 ? (
        <Notice tone="warn">
          The same person has {open.length === 1 ? 'another account that stays' : 'other accounts that stay'} active:{' '}
          {open.map(({ email }) => email).join(', ')}. Deactivate {open.length === 1 ? 'it' : 'them'} as well if the person leaves.
        </Notice>
      ) : null}
    </div>
  );
}

function Owned({ departure, plan }: { departure: Departure; plan: DeparturePlan }) {
  const { raciCells, teams } = departure;
  const moves = plan.moves.filter(({ to }) => to !== null);
  const orphans = plan.moves.filter(({ to }) => to === null);
  if (plan.moves.length + raciCells + teams.length === 0)
    return <p className="text-sm text-ink-2">They own no process or agent, stand in no RACI matrix and are in no team.</p>;
  return (
    <>
      {orphans.length > 0 ? (
        <Notice tone="warn">
          <h3 className="text-sm font-medium">Nobody takes this, so it needs a new owner</h3>
          <ul className="mt-1 list-disc pl-5">
            {orphans.map((move) => (
              <Planned key={keyOf(move)} move={move} graceDays={plan.graceDays} />
            ))}
          </ul>
        </Notice>
      ) : null}
      {moves.length > 0 ? (
        <div>
          <h3 className="text-sm font-medium">This goes to others at once</h3>
          <ul className="mt-1 list-disc pl-5">
            {moves.map((move) => (
              <Planned key={keyOf(move)} move={move} graceDays={plan.graceDays} />
            ))}
          </ul>
        </div>
      ) : null}
      {raciCells + teams.length > 0 ? (
        <div>
          <h3 className="text-sm font-medium">This stays in their name</h3>
          <ul className="mt-1 list-disc pl-5">
            {raciCells > 0 ? (
              <li>
                {count(raciCells, 'RACI cell', 'RACI cells')}, but for those where they are Accountable, which follow the owner of the
                process: approvals routed to them alone reach nobody until somebody else is named
              </li>
            ) : null}
            <Line n={teams.length} word={count(teams.length, 'team', 'teams')} named={teams} />
          </ul>
        </div>
      ) : null}
    </>
  );
}

const keyOf = ({ type, part, how, to }: PlannedMove): string => [type, part, how, to?.id].join(' ');

function Planned({ move, graceDays }: { move: PlannedMove; graceDays: number }) {
  const { type, part, how, to, count: n, named } = move;
  const things = type === 'agent' ? count(n, 'agent', 'agents') : count(n, 'process', 'processes');
  const grace = `${graceDays} ${graceDays === 1 ? 'day' : 'days'}`;
  const suspends = type === 'agent' && part === 'owner';
  const more = n - named.length;
  return (
    <li>
      {things} as {partWords[part]}
      {to ? (
        <>
          {' '}
          to <strong className="font-medium">{to.name}</strong> ({wayWords[how]})
        </>
      ) : suspends ? (
        `, suspended after ${grace} unless somebody is named`
      ) : (
        `, to be named within ${grace}`
      )}
      : {named.map(({ name }) => name).join(', ')}
      {more > 0 ? ` and ${more} more` : ''}
    </li>
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
