'use client';

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { z } from 'zod';
import { ProblemLine } from '@/components/live/problem';
import { apiPost } from '@/components/live/query';
import { useSave } from '@/components/live/save';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { Organisation } from '@/lib/organisation/schema';

const Answer = z.object({ welcome: z.string() });
const lookEveryMs = 1_500;
const patienceMs = 90_000;

/** SampleFrame puts the banner of a sample above a page; in an organisation of one's own there is only the page. */
export function SampleFrame({ organisation, mayLeave, children }: { organisation: Organisation; mayLeave: boolean; children: ReactNode }) {
  if (!organisation.sample) return children;
  return (
    <div className="flex h-full flex-col">
      <SampleBanner organisation={organisation} mayLeave={mayLeave} />
      <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
    </div>
  );
}

function SampleBanner({ organisation, mayLeave }: { organisation: Organisation; mayLeave: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <div
      role="note"
      aria-label="Sample organisation"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-accent-soft px-4 py-1.5 text-sm print:hidden"
    >
      <p>
        <strong className="font-medium">Sample organisation</strong>
        <span className="max-sm:hidden">: {organisation.name}, its people and everything they did are made up.</span>
        <span className="sm:hidden">, all of it made up</span>
      </p>
      {mayLeave ? (
        <Button className="ml-auto h-7" onClick={() => setOpen(true)}>
          Leave it
        </Button>
      ) : (
        <p className="ml-auto text-ink-2 max-sm:hidden">An administrator can leave it.</p>
      )}
      <LeaveDialog open={open || organisation.leaving} leaving={organisation.leaving} close={() => setOpen(false)} />
    </div>
  );
}

function LeaveDialog({ open, leaving, close }: { open: boolean; leaving: boolean; close: () => void }) {
  const leave = useSave(() => apiPost('/api/v1/organisation/leave', {}, Answer), []);
  const first = useRef<HTMLParagraphElement>(null);
  const goes = leaving || leave.isSuccess;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        if (!next && !goes && !leave.isPending) close();
      }}
      title={goes ? 'Leaving the sample' : 'Leave the sample organisation?'}
      focus={first}
    >
      <div className="flex flex-col gap-4">
        {goes ? (
          <Going to={leave.data?.welcome ?? '/welcome'} />
        ) : (
          <>
            <p ref={first} tabIndex={-1} className="outline-none">
              These go for good: the sample’s people and their password, its agents and their secrets, every decision, approval and finding,
              and its ledger with its checkpoints. What follows is an installation of your own, empty, with you as its first administrator.
            </p>
            <p className="text-ink-2">
              It takes some seconds, during which nothing answers. A fresh sample comes with <code>npm start -- --sample</code>.
            </p>
            <ProblemLine error={leave.error} />
            <div className="flex flex-wrap justify-end gap-2">
              <Button size="lg" disabled={leave.isPending} onClick={close}>
                Stay
              </Button>
              <Button tone="danger" size="lg" disabled={leave.isPending} onClick={() => leave.mutate(undefined)}>
                {leave.isPending ? 'Asking…' : 'Leave the sample'}
              </Button>
            </div>
          </>
        )}
      </div>
    </Dialog>
  );
}

/** Waits until the empty installation answers, and goes there. */
function Going({ to }: { to: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const look = setInterval(() => {
      // It is a page only where nobody is yet.
      void fetch('/welcome', { cache: 'no-store' }).then(
        (answer) => answer.ok && window.location.assign(to),
        () => undefined,
      );
    }, lookEveryMs);
    const slow = setTimeout(() => setLate(true), patienceMs);
    return () => {
      clearInterval(look);
      clearTimeout(slow);
    };
  }, [to]);
  return (
    <div role="status" className="flex flex-col gap-2">
      <p>The sample is being removed. This page goes on by itself.</p>
      {late ? (
        <p className="text-ink-2">
          Nothing has come yet. If the start command does not run in a terminal, start Countersign again: it leaves the sample first.
        </p>
      ) : null}
    </div>
  );
}
