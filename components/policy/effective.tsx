import Link from 'next/link';
import { TierMark } from '@/components/text/verdict';
import { Empty } from '@/components/ui/page';
import { effectiveWords, type EffectiveLine } from '@/lib/policy/domain/effective-words';
import type { EffectiveTiers } from '@/lib/policy/domain/effective';
import { breakerPlanSentence } from '@/lib/policy/domain/breaker-words';
import { durationWords } from '@/lib/policy/domain/sentences';
import { capitalised } from './words';

type Props = { tiers: readonly EffectiveTiers[]; policies: Readonly<Record<string, string>> };

/** EffectiveTable says for each thing an agent may ask for what goes alone and where supervision, approval and halting begin, and which policy says so. */
export function EffectiveTable({ tiers, policies }: Props) {
  if (tiers.length === 0)
    return (
      <Empty title="It may ask for nothing yet">
        Its tiers follow from its permissions: once it has some, this page says what it may do alone, and from where on people are asked.
      </Empty>
    );
  return (
    <ul className="flex flex-col divide-y divide-line" data-effective>
      {tiers.map((one) => (
        <ActionTiers key={one.action} tiers={one} policies={policies} />
      ))}
    </ul>
  );
}

function ActionTiers({ tiers, policies }: { tiers: EffectiveTiers; policies: Props['policies'] }) {
  const { main, more, declared } = effectiveWords(tiers);
  return (
    <li
      className="grid gap-x-6 gap-y-1 py-3 md:grid-cols-[minmax(180px,2fr)_minmax(0,5fr)_minmax(150px,1.4fr)]"
      data-action={tiers.action}
      data-lowest={tiers.lowest}
    >
      <div className="min-w-0">
        <h2 className="text-base font-medium break-words">{tiers.title}</h2>
        <code className="text-xs break-all text-ink-2">{tiers.action}</code>
      </div>
      <div className="flex min-w-0 flex-col gap-1">
        <Line line={main} policies={policies} strong />
        {more.map((line) => (
          <Line key={line.text} line={line} policies={policies} />
        ))}
        {tiers.judged === null ? null : (
          <p className="max-w-[72ch] text-sm text-ink-2" data-breaker>
            {breakerPlanSentence(tiers.breaker)}
          </p>
        )}
        {declared.length === 0 ? null : (
          <details className="text-sm text-ink-2">
            <summary className="w-fit hover:text-ink">Only if the agent itself declares more</summary>
            <div className="mt-1 flex flex-col gap-1">
              {declared.map((line) => (
                <Line key={line.text} line={line} policies={policies} />
              ))}
            </div>
          </details>
        )}
      </div>
      <div className="text-sm text-ink-2">
        <p>
          At least <TierMark tier={tiers.lowest} />
        </p>
        {tiers.judged === null ? null : <p>{capitalised(durationWords(tiers.approvalSlaSeconds))} to approve</p>}
        {tiers.reversalWindowSeconds === null ? null : <p>{capitalised(durationWords(tiers.reversalWindowSeconds))} to undo</p>}
      </div>
    </li>
  );
}

function Line({ line, policies, strong = false }: { line: EffectiveLine; policies: Props['policies']; strong?: boolean }) {
  return (
    <p className={strong ? 'max-w-[72ch]' : 'max-w-[72ch] text-sm'}>
      {capitalised(line.text)}.
      {line.by.map(({ id, version, guardrail }) => (
        <span key={id} className="ml-2 text-xs whitespace-nowrap text-ink-2">
          <Link href={`/policy/${id}/versions/${version}`} className="hover:underline">
            {policies[id] ?? id} v{version}
          </Link>
          {guardrail ? ', guardrail' : ''}
        </span>
      ))}
    </p>
  );
}
