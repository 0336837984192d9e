import Link from 'next/link';
import { link } from '@/components/ui/link';
import type { MaturityView, Missing } from '@/lib/maturity/schema';
import { stageTexts, works } from '@/lib/maturity/schema';

/** MissingList is what stands between a scope and its next stage: each gap with who can close it and where. */
export function MissingList({ view }: { view: Pick<MaturityView, 'next' | 'work' | 'missing' | 'missingTotal'> }) {
  if (view.next === null || view.work === null)
    return <p className="mb-6 text-ink-2">There is no stage after this one: what counts now is that it stays so.</p>;
  const { word } = stageTexts[view.next];
  const { title, text } = works[view.work];
  const criteria = [...new Map(view.missing.map((gap) => [gap.criterion, gap.title]))];
  return (
    <section aria-label="What is missing" className="mb-6" data-missing={view.missingTotal}>
      <p className="mb-3 text-base">
        <strong>{title}</strong> leads on: {text}.
      </p>
      <h2 className="mb-2">
        {view.missingTotal === 1 ? 'One thing is' : `${view.missingTotal} things are`} missing for stage {view.next}, {word}
      </h2>
      <ul className="flex flex-col gap-3">
        {criteria.map(([id, heading]) => (
          <li key={id}>
            <h3>{heading}</h3>
            <ul className="mt-1 divide-y divide-line border-y border-line">
              {view.missing
                .filter(({ criterion }) => criterion === id)
                .map((gap) => (
                  <Gap key={`${gap.href} ${gap.text}`} gap={gap} />
                ))}
            </ul>
          </li>
        ))}
      </ul>
      {view.missingTotal > view.missing.length ? (
        <p className="mt-2 text-sm text-ink-2">And {view.missingTotal - view.missing.length} more, which show when these are closed.</p>
      ) : null}
    </section>
  );
}

function Gap({ gap }: { gap: Missing }) {
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 py-1.5 text-sm">
      <Link href={gap.href} className={link}>
        {gap.text}
      </Link>
      <span className="text-ink-2">{whoText(gap)}</span>
    </li>
  );
}

function whoText({ who, more, mine }: Missing): string {
  if (who.length === 0) return 'Nobody active can close it: an administrator gives somebody the role.';
  const names = [...who.map(({ name }) => name), ...(more > 0 ? [`${more} more`] : [])];
  const listed = new Intl.ListFormat('en', { type: 'disjunction' }).format(names);
  return mine ? `You can close it (${listed})` : `${listed} can close it`;
}
