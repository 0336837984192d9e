import { Notice } from '@/components/ui/page';
import { raciRoleTexts, stageTexts, type Gap, type MatrixView } from '@/lib/raci/schema';
import { listed } from './words';

/** Gaps says what is missing in a process's matrices and who can close it; nothing when they are whole. */
export function Gaps({ gaps, view }: { gaps: readonly Gap[]; view: Pick<MatrixView, 'fixers' | 'agents'> }) {
  if (gaps.length === 0) return null;
  const fixers = view.fixers.map(({ name }) => name);
  const agentName = (id: string | null): string => {
    const agent = view.agents.find((known) => known.id === id);
    return agent ? ` (exception for ${agent.name})` : '';
  };
  return (
    <Notice tone="danger">
      <div data-gaps={gaps.length}>
        <p className="font-medium">
          {gaps.length === 1 ? 'One gap.' : `${gaps.length} gaps.`}{' '}
          {fixers.length === 0
            ? 'Nobody active can edit the matrix: it needs risk or an administrator.'
            : `${listed(fixers)} can close ${gaps.length === 1 ? 'it' : 'them'}.`}
        </p>
        <ul className="mt-1 list-disc pl-5">
          {alikeOf(gaps).map(([gap, ...more]) => (
            <li key={keyOf(gap)}>
              {raciRoleTexts[gap.role].title} for {listed([gap, ...more].map(({ stage }) => stageTexts[stage].title))}
              {agentName(gap.agentId)}: {gap.text} {gap.fix}
            </li>
          ))}
        </ul>
      </div>
    </Notice>
  );
}

const keyOf = ({ agentId, role, code, text, fix }: Gap): string => [agentId, role, code, text, fix].join(' ');

/** alikeOf puts together the gaps that differ in nothing but their stage. */
function alikeOf(gaps: readonly Gap[]): [Gap, ...Gap[]][] {
  const alike = new Map<string, [Gap, ...Gap[]]>();
  for (const gap of gaps) {
    const known = alike.get(keyOf(gap));
    if (known) known.push(gap);
    else alike.set(keyOf(gap), [gap]);
  }
  return [...alike.values()];
}
