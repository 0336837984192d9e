import { Check, CircleAlert, LoaderCircle } from 'lucide-react';
import { Ago } from '@/components/text/time';
import type { ReachView } from '@/lib/containment/schema';
import { took } from './words';

/** ReachLine says in one line how far a change has come. */
export function ReachLine({ reach }: { reach: ReachView }) {
  const { gateways, all, lastMs } = reach;
  const heard = gateways.filter(({ ms }) => ms !== null).length;
  if (gateways.length === 0) return <span className="text-ink-2">No gateway was alive</span>;
  return all ? (
    <span className="tabular">
      {gateways.length === 1 ? 'The gateway' : gateways.length === 2 ? 'Both gateways' : `All ${gateways.length} gateways`} after{' '}
      {took(lastMs ?? 0)}
    </span>
  ) : (
    <span className="tabular font-medium text-danger">
      {heard} of {gateways.length} gateways
    </span>
  );
}

/** Reach lists the gateways that were alive when a change was committed, and when each first decided by it. */
export function Reach({ reach }: { reach: ReachView }) {
  if (reach.gateways.length === 0)
    return (
      <p className="text-ink-2">
        No gateway was alive, so no agent was being answered at all. One that starts later begins with this stop.
      </p>
    );
  return (
    <ul className="flex flex-col divide-y divide-line rounded-md border border-line" data-reach={reach.all ? 'all' : 'some'}>
      {reach.gateways.map(({ id, name, ms, seenAt }) => (
        <li
          key={id}
          className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-0.5 px-3 py-1.5"
          data-gateway={ms === null ? 'silent' : 'acknowledged'}
        >
          {ms === null ? (
            <LoaderCircle size={15} aria-hidden className="text-danger motion-safe:animate-spin" />
          ) : (
            <Check size={15} aria-hidden className="text-tier-1" />
          )}
          <span className="min-w-0 font-mono text-[13px] break-all">{name}</span>
          <span className="tabular ml-auto text-sm">
            {ms === null ? (
              <>
                silent, last heard of <Ago at={seenAt} />
              </>
            ) : (
              <>acknowledged after {took(ms)}</>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Silence says what a gateway that has not acknowledged can still do: nothing. */
export function Silence({ reach }: { reach: ReachView }) {
  const silent = reach.gateways.filter(({ ms }) => ms === null);
  if (silent.length === 0) return null;
  return (
    <p className="flex items-start gap-2 text-sm text-ink-2">
      <CircleAlert size={15} aria-hidden className="mt-0.5 shrink-0" />
      <span>
        {silent.length === 1 ? 'A gateway that is silent' : 'Gateways that are silent'} allow{silent.length === 1 ? 's' : ''} nothing
        either: every decision is compared with the ledger before it is answered. A receipt given before the stop is good for 30 seconds at
        most.
      </span>
    </p>
  );
}
