import Link from 'next/link';
import { buttonLook } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import type { MatrixView } from '@/lib/raci/schema';
import { Matrix } from './matrix';

/** ProcessAgents is each agent of a process with the stages in which it differs from the matrix. */
export function ProcessAgents({ view, mayEdit }: { view: MatrixView; mayEdit: boolean }) {
  return view.agents.map((agent) => (
    <section key={agent.id} className="border-t border-line py-4" data-agent={agent.id}>
      <div className="mb-1 flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-base">
          <Link href={`/registry/agents/${agent.id}`} className={link}>
            {agent.name}
          </Link>{' '}
          <span className="font-normal text-ink-2">{agent.status.replace('_', ' ')}</span>
        </h2>
        {mayEdit ? (
          <Link href={`/raci/${view.process.id}/agents?edit=${agent.id}`} className={buttonLook()}>
            {agent.exceptions.length === 0 ? 'Add exceptions' : 'Edit exceptions'}
            <span className="sr-only"> for {agent.name}</span>
          </Link>
        ) : null}
      </div>
      {agent.exceptions.length === 0 ? (
        <p className="text-ink-2">Follows the matrix of the process in every stage.</p>
      ) : (
        <Matrix
          label={`Exceptions for ${agent.name}`}
          rows={agent.exceptions}
          gaps={view.gaps.filter(({ agentId }) => agentId === agent.id)}
          names={view}
        />
      )}
    </section>
  ));
}
