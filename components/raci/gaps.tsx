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
          {gaps.map((gap) => (
            <li key={`${gap.agentId} ${gap.stage} ${gap.role} ${gap.code} ${gap.text}`}>
              {stageTexts[gap.stage].title}, {raciRoleTexts[gap.role].title}
              {agentName(gap.agentId)}: {gap.text} {gap.fix}
            </li>
          ))}
        </ul>
      </div>
    </Notice>
  );
}
