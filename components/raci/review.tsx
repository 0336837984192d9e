'use client';

import { useRef } from 'react';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiGet, apiPut, ApiProblem } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { changesBetween, rebase } from '@/lib/raci/domain';
import { CellChange, MatrixView, type Row, type RuleProblem } from '@/lib/raci/schema';
import { Changes } from './changes';

const Saved = z.object({ changes: z.array(CellChange) });

type Props = {
  processId: string;
  agentId: string | null;
  shown: readonly Row[];
  rows: readonly Row[];
  names: MatrixView;
  problems: readonly RuleProblem[];
  onClose: () => void;
  onSaved: () => void;
  onRebased: (next: { view: MatrixView; shown: Row[]; rows: Row[] }) => void;
};

/** Review shows every changed cell before anything is saved. When somebody else was faster, their changes are taken in and the edit goes on from there. */
export function Review({ processId, agentId, shown, rows, names, problems, onClose, onSaved, onRebased }: Props) {
  const back = useRef<HTMLButtonElement>(null);
  const address = `/api/v1/raci/${processId}`;
  const save = useSave(() => apiPut(`${address}/matrix`, { agentId, shown, rows }, Saved), ['raci', 'approvals', 'approval']);
  const catchUp = useSave(() => apiGet(address, MatrixView), []);
  const changes = changesBetween(shown, rows);
  const stale = save.error instanceof ApiProblem && save.error.code === 'CONFLICT';
  const escalation = changes.some(({ stage }) => stage === 'escalation');

  const takeIn = (): void =>
    catchUp.mutate(undefined, {
      onSuccess: (view) => {
        const current = agentId === null ? view.rows : (view.agents.find(({ id }) => id === agentId)?.exceptions ?? []);
        onRebased({ view, shown: current, rows: rebase(shown, rows, current) });
        save.reset();
      },
    });

  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={changes.length === 1 ? 'Save this change?' : `Save these ${changes.length} changes?`}
      description={
        escalation
          ? 'From the moment it is saved, requests go to whoever the Escalation row names, also those that wait already.'
          : 'It counts from the moment it is saved, and stays in the history.'
      }
      focus={back}
    >
      <div className="overflow-y-auto">
        <Changes changes={changes} names={names} />
      </div>
      {problems.map(({ text }) => (
        <p key={text} className="text-sm text-danger">
          {text}
        </p>
      ))}
      <ProblemLine error={save.error ?? catchUp.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button ref={back} size="lg" onClick={onClose}>
          Go on editing
        </Button>
        {stale ? (
          <Button tone="primary" size="lg" onClick={takeIn} disabled={catchUp.isPending}>
            Take in what they changed
          </Button>
        ) : (
          <Button
            size="lg"
            tone="primary"
            disabled={changes.length === 0 || problems.length > 0 || save.isPending}
            onClick={() => save.mutate(undefined, { onSuccess: onSaved })}
          >
            {changes.length === 1 ? 'Save 1 change' : `Save ${changes.length} changes`}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
