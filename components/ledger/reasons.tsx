import Link from 'next/link';
import { dimensionWord, TierMark } from '@/components/text/verdict';
import { link } from '@/components/ui/link';
import { groupThousands } from '@/lib/kernel/money';
import type { DecisionReason } from '@/lib/check/schema';
import { marginOf } from './margin';

export type ShownReason = DecisionReason & { policyName: string | null };

/** byWeight puts the dimensions that decided first, then higher tiers before lower. */
export function byWeight<Reason extends DecisionReason>(reasons: readonly Reason[], deciding: readonly string[]): Reason[] {
  const decided = (reason: Reason) => (reason.dimension !== undefined && deciding.includes(reason.dimension) ? 0 : 1);
  return [...reasons].sort((a, b) => decided(a) - decided(b) || (b.tier ?? 5) - (a.tier ?? 5));
}

const startsWithNumber = /^\d+(\.\d+)?(?= |$)/;
const grouped = (text: string): string => text.replace(startsWithNumber, (number) => groupThousands(number));

/** What was observed against where the tier begins: confidence counts below it, numbers from it on, words are equal or further along their scale. */
function comparison({ dimension, observed, threshold }: DecisionReason): string {
  if (observed === undefined || threshold === undefined || observed === threshold) return observed === undefined ? '' : grouped(observed);
  if (dimension === 'confidence') return `${observed} < ${threshold}`;
  return startsWithNumber.test(threshold) ? `${grouped(observed)} ≥ ${grouped(threshold)}` : `${observed} (begins at ${threshold})`;
}

/** Reasons lists why, each with what was observed, the threshold, and the policy that said so. */
export function Reasons({ reasons, deciding }: { reasons: readonly ShownReason[]; deciding: readonly string[] }) {
  if (reasons.length === 0) return <p className="text-ink-2">Nothing raised this above Tier 1.</p>;
  const first = byWeight(reasons, deciding)[0];
  const margin = first?.dimension !== undefined && deciding.includes(first.dimension) ? marginOf(first) : null;
  return (
    <>
      {margin === null ? null : (
        <p className="mb-2 max-w-[72ch] font-medium first-letter:uppercase" data-margin>
          {margin}.
        </p>
      )}
      <ul className="flex flex-col divide-y divide-line" data-reasons>
        {byWeight(reasons, deciding).map((reason) => (
          <li
            key={`${reason.code} ${reason.policy ?? ''} ${reason.pointer ?? ''} ${reason.threshold ?? ''}`}
            className="py-2 first:pt-0 last:pb-0"
          >
            <p className="max-w-[72ch]">{reason.text}</p>
            <p className="mt-0.5 flex flex-wrap items-baseline gap-x-3 gap-y-0.5 text-sm text-ink-2">
              {reason.dimension === undefined ? null : <span className="text-ink">{dimensionWord(reason.dimension)}</span>}
              {reason.observed === undefined ? null : <span className="tabular">{comparison(reason)}</span>}
              {reason.tier === null ? null : <TierMark tier={reason.tier} />}
              {reason.policy === undefined ? null : (
                <Link href={`/policy/${reason.policy}`} className={link}>
                  {reason.policyName ?? reason.policy} v{reason.version}
                </Link>
              )}
              <code className="text-xs">{reason.code}</code>
              {reason.pointer === undefined ? null : <code className="text-xs">{reason.pointer}</code>}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
