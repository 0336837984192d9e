import { Canonical } from '@/components/text/canonical';
import type { ShownArguments } from '@/lib/check/reading/schema';

/** Arguments shows the exact action: whole, or with hidden values for those who may not read them, or why it cannot be shown. */
export function Arguments({ shown }: { shown: ShownArguments }) {
  switch (shown.state) {
    case 'full':
      return (
        <>
          {shown.agrees ? null : (
            <p role="alert" className="mb-2 rounded-md border border-danger bg-danger-soft px-3 py-2 text-sm">
              These arguments are not the ones that were decided on: their digest differs from what the ledger committed to. Do not act on
              them; tell security.
            </p>
          )}
          <Canonical json={shown.canonical} label="canonical arguments" />
        </>
      );
    case 'redacted':
      return (
        <>
          <p className="mb-2 text-sm text-ink-2">Your roles show the shape of the arguments, not their values.</p>
          <Canonical json={shown.canonical} label="redacted arguments" />
        </>
      );
    case 'erased':
      return <p className="text-ink-2">The arguments were erased or never kept. The row still proves what was decided.</p>;
    case 'unreadable':
      return <p className="text-danger">The stored arguments cannot be decrypted here. What they were is not shown rather than guessed.</p>;
  }
}
