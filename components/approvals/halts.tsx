'use client';

import { Ago } from '@/components/text/time';
import type { View } from './address';
import { EmptyTab } from './empty';
import { More } from './more';
import { useHalts } from './queries';
import { Row } from './row';
import { useSteps } from './steps';

/** Halts is the workflows that stand still until a senior person releases them, newest first. */
export function Halts({ view, open, query: search }: { view: View; open: string | undefined; query: string }) {
  const query = useHalts();
  const halts = query.data?.pages.flatMap((page) => page.halts) ?? [];
  const hrefOf = (id: string) => `/approvals/decisions/${id}${search}`;
  useSteps(
    halts.map(({ decisionId }) => hrefOf(decisionId)),
    open === undefined ? undefined : hrefOf(open),
  );
  return (
    <>
      {halts.length === 0 && !query.isPending ? <EmptyTab view={view} /> : null}
      <ul data-halts className="border-t border-line">
        {halts.map((halt) => (
          <Row
            key={halt.decisionId}
            href={hrefOf(halt.decisionId)}
            open={halt.decisionId === open}
            mark={
              <span aria-hidden className="text-tier-4">
                ■
              </span>
            }
            sentence={halt.sentence}
            below={
              <span>
                {halt.agent.name} · {halt.heldBack === 0 ? 'holds nothing else back yet' : `holds back ${halt.heldBack} more`}
              </span>
            }
            aside={<Ago at={halt.haltedAt} />}
          />
        ))}
      </ul>
      <More query={query} />
    </>
  );
}
