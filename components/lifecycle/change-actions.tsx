'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { agentHref } from '@/components/registry/agents/address';
import { joined } from '@/components/registry/agents/words';
import { apiPost } from '@/components/live/query';
import { ProblemLine } from '@/components/live/problem';
import { useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea } from '@/components/ui/field';
import { ChangeAnswer, type ChangeCard } from '@/lib/lifecycle/schema/change-requests';
import { REASON_LENGTH_MAX } from '@/lib/registry/schema';

const touched = ['changes', 'agents', 'ledger'];

/** ChangeActions is what this person can do with an open request; where they cannot decide, it says why. */
export function ChangeActions({ card }: { card: ChangeCard }) {
  const router = useRouter();
  const [rejecting, setRejecting] = useState(false);
  const path = `/api/v1/lifecycle/changes/${card.id}`;
  const approve = useSave(() => apiPost(`${path}/approve`, { digest: card.digest }, ChangeAnswer), touched);
  const withdraw = useSave(() => apiPost(`${path}/withdraw`, {}, ChangeAnswer), touched);
  const again = { onSettled: () => router.refresh() };
  const askAgain = { onSuccess: () => router.push(`${agentHref(card.agent.id, 'edit')}?from=${card.id}`) };
  const pending = approve.isPending || withdraw.isPending;
  const blocked = card.whyNotApprove ?? (card.gaps.length === 0 ? null : 'Close what is missing first.');
  return (
    <div className="sticky bottom-0 flex flex-col gap-2 border-t border-line bg-ground py-3" data-change-actions>
      {blocked === null || (card.mine && card.whyNotReject !== null) ? null : (
        <p className="text-sm text-ink-2" data-why-not>
          {blocked}
        </p>
      )}
      <ProblemLine error={approve.error ?? withdraw.error} />
      <div className="flex flex-wrap gap-2">
        {card.whyNotReject === null ? (
          <>
            <Button tone="primary" size="lg" disabled={pending || blocked !== null} onClick={() => approve.mutate(undefined, again)}>
              {approve.isPending
                ? 'Saving…'
                : `Approve the change of ${joined(
                    card.lines.map(({ words }) => words),
                    0,
                    'and',
                  )}`}
            </Button>
            <Button tone="danger" size="lg" disabled={pending} onClick={() => setRejecting(true)}>
              Reject
            </Button>
          </>
        ) : null}
        {card.mine ? (
          <>
            <Button size="lg" disabled={pending} onClick={() => withdraw.mutate(undefined, askAgain)}>
              Change what I asked for
            </Button>
            <Button tone="danger" size="lg" disabled={pending} onClick={() => withdraw.mutate(undefined, again)}>
              Withdraw
            </Button>
          </>
        ) : null}
      </div>
      {rejecting ? <Reject card={card} path={path} close={() => setRejecting(false)} /> : null}
    </div>
  );
}

function Reject({ card, path, close }: { card: ChangeCard; path: string; close: () => void }) {
  const router = useRouter();
  const [reason, setReason] = useState('');
  const save = useSave((said: string) => apiPost(`${path}/reject`, { reason: said }, ChangeAnswer), touched);
  const send = () => save.mutate(reason, { onSuccess: close, onSettled: () => router.refresh() });
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && close()}
      title={`Reject the change of ${card.agent.name}?`}
      description={`The agent stays as it is. ${card.requestedBy.name} reads why.`}
    >
      <TextArea
        label="Why not?"
        required
        maxLength={REASON_LENGTH_MAX}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <ProblemLine error={save.error} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button size="lg" onClick={close}>
          Not now
        </Button>
        <Button tone="danger" size="lg" disabled={reason.trim() === '' || save.isPending} onClick={send}>
          {save.isPending ? 'Saving…' : 'Reject'}
        </Button>
      </div>
    </Dialog>
  );
}
