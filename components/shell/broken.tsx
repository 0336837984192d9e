'use client';

import { Button } from '@/components/ui/button';

/** Broken is shown in place of a page that failed: what happened, what was kept, what to do, and the number under which the server wrote it down. */
export function Broken({ error }: { error: Error & { digest?: string } }) {
  return (
    <div className="px-4 py-8 md:px-6">
      <h1>This page could not be made</h1>
      <p className="mt-1 max-w-[72ch] text-ink-2">
        The server may not reach its database right now. Nothing was changed; agents are refused rather than let through while it is so. Try
        again in a moment.
      </p>
      {error.digest === undefined ? null : (
        <p className="mt-2 text-sm text-ink-2">
          Number in the server’s log: <code>{error.digest}</code>
        </p>
      )}
      <Button className="mt-4" onClick={() => window.location.reload()}>
        Try again
      </Button>
    </div>
  );
}
