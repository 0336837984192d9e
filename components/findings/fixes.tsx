'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiPost } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import { Verbatim } from '@/components/text/verbatim';
import { Button, buttonLook } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea } from '@/components/ui/field';
import { findingReasonLengthMax, type FindingView, type Fix } from '@/lib/findings/schema';
import { Buttons, SettleDialog, touched } from './dialogs';

type Doing = Exclude<Fix, { kind: 'link' } | { kind: 'settle' }>;

/** `looks`: this person may have the cause looked at again. */
type Props = { id: string; fixes: FindingView['fixes']; looks: boolean };

/** Fixes are what can be done about a finding from where it stands; what somebody else must do says who. */
export function Fixes({ id, fixes, looks }: Props) {
  const [open, setOpen] = useState<Fix | null>(null);
  const mine = fixes.filter((one) => one.mine);
  const others = fixes.filter((one) => !one.mine);
  return (
    <div className="flex flex-col gap-3">
      {mine.length === 0 ? null : (
        <div className="flex flex-wrap gap-2" data-fixes>
          {mine.map(({ fix }, i) =>
            fix.kind === 'link' ? (
              <Link key={fix.label} href={fix.href} className={buttonLook({ tone: i === 0 ? 'primary' : 'plain' })}>
                {fix.label}
              </Link>
            ) : (
              <Button
                key={fix.label}
                tone={fix.kind === 'decommission' || fix.kind === 'revoke_credential' ? 'danger' : i === 0 ? 'primary' : 'plain'}
                onClick={() => setOpen(fix)}
              >
                {fix.label}
              </Button>
            ),
          )}
        </div>
      )}
      {others.length === 0 ? null : (
        <ul className="text-sm text-ink-2">
          {others.map(({ fix, who }) => (
            <li key={fix.label}>
              {fix.label}: {who === '' ? 'nobody' : who}
            </li>
          ))}
        </ul>
      )}
      {open === null ? null : open.kind === 'settle' ? (
        <SettleDialog id={id} close={() => setOpen(null)} done={() => setOpen(null)} />
      ) : open.kind === 'link' ? null : (
        <Confirm id={id} fix={open} looks={looks} close={() => setOpen(null)} />
      )}
    </div>
  );
}

type Words = { path: string; title: string; means: string; reason: 'required' | 'optional' | 'none'; tone: 'primary' | 'danger' };

function wordsOf(fix: Doing): Words {
  switch (fix.kind) {
    case 'suspend':
      return {
        path: `/api/v1/registry/agents/${fix.agent}/suspend`,
        title: 'Suspend this agent?',
        means: 'From the moment this is saved everything it asks is denied. It can be resumed.',
        reason: 'optional',
        tone: 'danger',
      };
    case 'decommission':
      return {
        path: `/api/v1/registry/agents/${fix.agent}/decommission`,
        title: 'Decommission this agent?',
        means:
          'It ends for good: its credentials are revoked and its open requests cancelled, at once. Its record and all it did are kept. This cannot be undone.',
        reason: 'required',
        tone: 'danger',
      };
    case 'revoke_credential':
      return {
        path: `/api/v1/identity/credentials/${fix.credential}/revoke`,
        title: 'Revoke this credential?',
        means: 'Every token it brought is refused from the moment this is saved. This cannot be undone.',
        reason: 'optional',
        tone: 'danger',
      };
    case 'revoke_permissions':
      return {
        path: `/api/v1/registry/agents/${fix.agent}/permissions/revoke`,
        title: fix.actions.length === 1 ? 'Take this permission away?' : `Take ${fix.actions.length} permissions away?`,
        means: 'From the moment this is saved such a call is halted. What it needs after all is asked for, and another person approves it.',
        reason: 'none',
        tone: 'primary',
      };
  }
}

/** A service that answers anything has done it; what it answers is shown by the page. */
const Anything = z.unknown();
const Looked = z.object({ status: z.string() });

function Confirm({ id, fix, looks, close }: { id: string; fix: Doing; looks: boolean; close: () => void }) {
  const { path, title, means, reason, tone } = wordsOf(fix);
  const router = useRouter();
  const [text, setText] = useState('');
  const first = useRef<HTMLButtonElement>(null);
  const said = text.trim();
  const save = useSave(async (body: Record<string, unknown>) => {
    await apiPost(path, body, Anything);
    // The cause is gone: whether the finding is, too, is seen by looking. Who may not look, or whose look fails, sees the next one within a minute.
    if (looks) await apiPost(`/api/v1/findings/${id}/look`, {}, Looked).catch(() => undefined);
  }, touched);
  const send = () =>
    save.mutate(fix.kind === 'revoke_permissions' ? { actions: fix.actions } : said === '' ? {} : { reason: said }, {
      onSuccess: () => {
        close();
        router.refresh();
      },
      // Somebody may have been faster: the page behind says what is so now.
      onError: () => router.refresh(),
    });
  return (
    <Dialog open onOpenChange={(next) => !next && close()} focus={first} title={title} description={means}>
      {fix.kind === 'revoke_permissions' ? (
        <ul className="max-h-48 overflow-y-auto rounded-md border border-line px-3 py-2 font-mono text-[13px]">
          {fix.actions.map((action) => (
            <li key={action}>
              <Verbatim text={action} />
            </li>
          ))}
        </ul>
      ) : null}
      {reason === 'none' ? null : (
        <TextArea
          label={reason === 'required' ? 'Why?' : 'Why, for people'}
          optional={reason === 'optional'}
          hint="Kept encrypted beside the ledger, for people who may read it."
          maxLength={findingReasonLengthMax}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      <ProblemLine error={save.error} />
      <Buttons
        first={first}
        close={close}
        label={fix.label}
        busy="Saving…"
        pending={save.isPending}
        ready={reason !== 'required' || said !== ''}
        send={send}
        tone={tone}
      />
    </Dialog>
  );
}

/** LookAgain looks with the finding's own detector now, for whoever has just removed the cause elsewhere. */
export function LookAgain({ id }: { id: string }) {
  const router = useRouter();
  const save = useSave(() => apiPost(`/api/v1/findings/${id}/look`, {}, Looked), touched);
  return (
    <>
      <Button disabled={save.isPending} onClick={() => save.mutate(undefined, { onSuccess: () => router.refresh() })}>
        {save.isPending ? 'Looking…' : 'Look again'}
      </Button>
      <ProblemLine error={save.error} />
    </>
  );
}
