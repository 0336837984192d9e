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
  return (
    <section aria-label="What is missing" className="mb-6" data-missing={view.missingTotal}>
      <p className="mb-3 max-w-[72ch] text-base">
        <strong>{title}</strong> leads on: {text}.
      </p>
      <h2 className="mb-2">
        {view.missingTotal === 1 ? 'One thing is' : `${view.missingTotal} things are`} missing for stage {view.next}, {word}
      </h2>
      <ul className="flex flex-col gap-4">
        {groupsOf(view.missing).map((group) => (
          <Group key={`${group.title} ${group.who}`} {...group} />
        ))}
      </ul>
      {view.missingTotal > view.missing.length ? (
        <p className="mt-2 text-sm text-ink-2">And {view.missingTotal - view.missing.length} more, which show when these are closed.</p>
      ) : null}
    </section>
  );
}

type Grouped = { title: string; who: string; gaps: Missing[] };

/** groupsOf puts together what one criterion lacks and the same people can close, so that they are named once. */
function groupsOf(missing: readonly Missing[]): Grouped[] {
  const groups = new Map<string, Grouped>();
  for (const gap of missing) {
    const who = whoText(gap);
    const key = `${gap.criterion} ${who}`;
    const group = groups.get(key) ?? { title: gap.title, who, gaps: [] };
    group.gaps.push(gap);
    groups.set(key, group);
  }
  return [...groups.values()];
}

const shownAtOnce = 3;

function Group({ title, who, gaps }: Grouped) {
  // One more takes no more room than the line that would say so.
  const first = gaps.length <= shownAtOnce + 1 ? gaps : gaps.slice(0, shownAtOnce);
  const others = gaps.slice(first.length);
  return (
    <li className="max-w-[880px]">
      <h3>{title}</h3>
      <p className="text-sm text-ink-2">{who}</p>
      <Gaps gaps={first} />
      {others.length === 0 ? null : (
        <details className="text-sm">
          <summary className="py-1.5 text-ink-2 hover:text-ink">{others.length} more of the same</summary>
          <Gaps gaps={others} />
        </details>
      )}
    </li>
  );
}

const Gaps = ({ gaps }: { gaps: readonly Missing[] }) => (
  <ul className="mt-1 divide-y divide-line border-y border-line text-sm">
    {gaps.map((gap) => (
      <li key={`${gap.href} ${gap.text}`} className="py-1.5">
        <Link href={gap.href} className={link}>
          {gap.text}
        </Link>
      </li>
    ))}
  </ul>
);

function whoText({ who, more, mine }: Missing): string {
  if (who.length === 0) return 'Nobody active can close it: an administrator gives somebody the role.';
  const names = [...who.map(({ name }) => name), ...(more > 0 ? [`${more} more`] : [])];
  const listed = new Intl.ListFormat('en', { type: 'disjunction' }).format(names);
  return mine ? `You can close it (${listed})` : `${listed} can close it`;
}
