'use client';

import Link from 'next/link';
import { useDeferredValue, useRef, useState } from 'react';
import { ProblemLine } from '@/components/live/problem';
import { Button } from '@/components/ui/button';
import { classNames } from '@/components/ui/class-names';
import { Dialog } from '@/components/ui/dialog';
import { TextArea, TextField } from '@/components/ui/field';
import { link } from '@/components/ui/link';
import { Notice } from '@/components/ui/page';
import { KillScope, reasonLengthMax, wholeOrganisation, type ImpactView, type KillSource, type KillView } from '@/lib/containment/schema';
import { useImpact, useKill, useStop, useTargets } from './queries';
import { Reach, Silence } from './reach';
import type { StopTarget } from './stop';
import { impactParts, scopeWords, took, whatIs } from './words';

type Props = { begin?: StopTarget | undefined; source?: KillSource | undefined; close: () => void };

/** What has to be typed before everything is stopped. */
const everythingWord = 'stop everything';

/** StopDialog says what a stop stops before anybody can press, and shows each gateway's acknowledgement afterwards. */
export function StopDialog({ begin, source, close }: Props) {
  const [done, setDone] = useState<KillView>();
  return done ? <Stopped kill={done} close={close} /> : <Ask begin={begin} source={source} close={close} stopped={setDone} />;
}

function Ask({ begin, source, close, stopped }: Props & { stopped: (kill: KillView) => void }) {
  const [scope, setScope] = useState<KillScope>(begin?.scope ?? 'agent');
  const [target, setTarget] = useState(begin?.target ?? '');
  const [reason, setReason] = useState('');
  const [noticed, setNoticed] = useState('');
  const [typed, setTyped] = useState('');
  const first = useRef<HTMLTextAreaElement>(null);
  const impact = useImpact(scope, target);
  const stop = useStop();
  const choose = (next: KillScope) => {
    setScope(next);
    setTarget(next === wholeOrganisation ? wholeOrganisation : next === begin?.scope ? begin.target : '');
    setTyped('');
  };
  const sure = scope !== 'organisation' || typed.trim().toLowerCase() === everythingWord;
  const ready = impact.data?.maySet === true && impact.data.inForce === null && reason.trim() !== '' && sure && !stop.isPending;
  const send = () => {
    const why: KillSource | undefined = source ?? (noticed === '' ? undefined : { type: 'report', at: new Date(noticed) });
    stop.mutate({ scope, target, reason: reason.trim(), ...(why ? { source: why } : {}) }, { onSuccess: stopped });
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      {...(begin ? { focus: first } : {})}
      title="Stop at once"
      description="From the moment this is saved no gateway allows it any more. Lifting it takes a second person."
    >
      <Scopes scope={scope} choose={choose} />
      {scope === 'organisation' ? null : <Target scope={scope} target={target} name={impact.data?.target.name} choose={setTarget} />}
      <Impact scope={scope} view={impact.data} isPending={target !== '' && impact.isPending} />
      <ProblemLine error={impact.error} />
      <TextArea
        ref={first}
        label="Why"
        rows={2}
        maxLength={reasonLengthMax}
        hint="Kept encrypted beside the ledger, for people who may read it."
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {source ? null : (
        <TextField
          type="datetime-local"
          label="First noticed"
          optional
          hint="When somebody first reported it: the time to kill is counted from then."
          value={noticed}
          onChange={(event) => setNoticed(event.target.value)}
        />
      )}
      {scope === 'organisation' ? (
        <TextField label={`Type “${everythingWord}”`} autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
      ) : null}
      <ProblemLine error={stop.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button size="lg" onClick={close}>
          Do not stop
        </Button>
        <Button tone="danger" size="lg" className="font-semibold" disabled={!ready} onClick={send}>
          {stop.isPending ? 'Stopping…' : buttonOf(scope, impact.data)}
        </Button>
      </div>
    </Dialog>
  );
}

function buttonOf(scope: KillScope, view: ImpactView | undefined): string {
  if (scope === 'organisation') return 'Stop everything now';
  return view ? `Stop ${view.target.name} now` : 'Stop now';
}

function Scopes({ scope, choose }: { scope: KillScope; choose: (scope: KillScope) => void }) {
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="mb-1 text-sm font-medium">What</legend>
      {KillScope.options
        .toSorted((a, b) => order.indexOf(a) - order.indexOf(b))
        .map((option) => (
          <label
            key={option}
            className={classNames(
              'inline-flex h-8 cursor-pointer items-center rounded-md border px-2.5 text-sm font-medium has-focus-visible:outline-2',
              option === scope ? 'border-danger bg-danger-soft text-ink' : 'border-line-strong text-ink-2 hover:bg-sunken',
            )}
          >
            <input type="radio" name="scope" className="sr-only" checked={option === scope} onChange={() => choose(option)} />
            {scopeWords[option].one}
          </label>
        ))}
    </fieldset>
  );
}

const order: readonly KillScope[] = ['agent', 'process', 'action_type', 'system', 'organisation'];

type TargetProps = { scope: KillScope; target: string; name: string | undefined; choose: (id: string) => void };

function Target({ scope, target, name, choose }: TargetProps) {
  const [search, setSearch] = useState('');
  const { data, isPending } = useTargets(scope, useDeferredValue(search.trim()));
  if (target !== '')
    return (
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">{name ?? target}</span>
        {name === undefined || name === target ? null : <code className="text-xs text-ink-2">{target}</code>}
        <Button tone="quiet" onClick={() => choose('')}>
          Another
        </Button>
      </p>
    );
  return (
    <div className="flex flex-col gap-1.5">
      <TextField
        type="search"
        label={`Which ${scopeWords[scope].one.toLowerCase()}`}
        placeholder="Name or id"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <ul className="max-h-44 overflow-y-auto rounded-md border border-line" aria-label="Found">
        {(data?.targets ?? []).map(({ id, name: found }) => (
          <li key={id}>
            <button
              type="button"
              className="flex w-full flex-wrap items-baseline gap-x-3 px-3 py-1.5 text-left hover:bg-sunken"
              onClick={() => choose(id)}
            >
              <span className="font-medium">{found}</span>
              <code className="text-xs break-all text-ink-2">{id}</code>
            </button>
          </li>
        ))}
        {data?.targets.length === 0 ? <li className="px-3 py-2 text-sm text-ink-2">Nothing that you may stop has such a name.</li> : null}
        {isPending ? <li className="px-3 py-2 text-sm text-ink-2">Reading…</li> : null}
      </ul>
    </div>
  );
}

function Impact({ scope, view, isPending }: { scope: KillScope; view: ImpactView | undefined; isPending: boolean }) {
  if (isPending) return <p className="text-sm text-ink-2">Counting what this stops…</p>;
  if (!view) return null;
  if (view.inForce !== null)
    return (
      <Notice tone="warn">
        It is stopped already:{' '}
        <Link className={link} href={`/containment/${view.inForce}`}>
          see the stop
        </Link>
        .
      </Notice>
    );
  if (!view.maySet)
    return (
      <Notice tone="warn">
        You may not stop this: a process owner stops their own processes and agents, a leader or security anything. Ask one of them.
      </Notice>
    );
  const parts = impactParts(view.impact);
  const { named, agents } = view.impact;
  const more = agents - named.length;
  return (
    <Notice tone="danger">
      <p className="font-medium">{scopeWords[scope].means}</p>
      <p data-impact>{parts.length === 0 ? 'Nothing of it is at work now.' : `It stops ${new Intl.ListFormat('en').format(parts)}.`}</p>
      {named.length === 0 || scope === 'agent' ? null : (
        <p className="text-ink-2">
          {named.map(({ name }) => name).join(', ')}
          {more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}
        </p>
      )}
    </Notice>
  );
}

function Stopped({ kill, close }: { kill: KillView; close: () => void }) {
  const { data } = useKill(kill);
  const { reach } = data;
  const heard = reach.gateways.filter(({ ms }) => ms !== null).length;
  const first = useRef<HTMLButtonElement>(null);
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      focus={first}
      title={`Stopped: ${whatIs(data)}`}
      description={
        reach.all
          ? reach.gateways.length === 0
            ? 'It is in force.'
            : reach.gateways.length === 1
              ? `The gateway acknowledged ${took(reach.lastMs ?? 0)} after you pressed.`
              : `${reach.gateways.length === 2 ? 'Both' : `All ${reach.gateways.length}`} gateways have acknowledged, the last ${took(reach.lastMs ?? 0)} after you pressed.`
          : `It is in force. ${heard} of ${reach.gateways.length} gateways have acknowledged so far.`
      }
    >
      <div aria-live="polite" className="flex flex-col gap-3">
        <Reach reach={reach} />
        <Silence reach={reach} />
      </div>
      <div className="flex flex-wrap items-center justify-end gap-3">
        <Link className={link} href={`/containment/${data.id}`} onClick={close}>
          The stop and its record
        </Link>
        <Button ref={first} size="lg" onClick={close}>
          Close
        </Button>
      </div>
    </Dialog>
  );
}
