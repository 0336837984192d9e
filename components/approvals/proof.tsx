import { Digest } from '@/components/text/digest';
import type { Recomputed } from '@/components/text/recompute';

/** Why nothing can be signed, by what became of recomputing. */
export const unprovenTexts: Record<Exclude<Recomputed, 'equal'>, string> = {
  computing: 'The digest of what you see is being computed.',
  different:
    'What this page shows does not have the digest that would be signed. Do not act on it: nothing can be signed here. Load the page again; if this stays, tell security.',
  unable:
    'This browser could not compute the digest of what you see, so nothing can be signed here. Browsers do it over https or on localhost only: open the console at such an address.',
};

/** Proof is the digest that is signed, and whether this browser got the same from the text on the page. */
export function Proof({ digest, recomputed }: { digest: string; recomputed: Recomputed | null }) {
  return (
    <div className="mt-1" data-recomputed={recomputed ?? undefined}>
      <Digest value={digest} label="the digest" />
      {recomputed === null ? null : recomputed === 'equal' ? (
        <p className="text-xs text-ink-2">
          <span aria-hidden className="text-tier-1">
            ✓
          </span>{' '}
          Recomputed here from the text above: equal.
        </p>
      ) : recomputed === 'computing' ? (
        <p className="text-xs text-ink-2">Recomputing…</p>
      ) : (
        <p role="alert" className="mt-1 rounded-md border border-danger bg-danger-soft px-3 py-2 text-sm">
          {unprovenTexts[recomputed]}
        </p>
      )}
    </div>
  );
}
