'use client';

import { CopyButton } from '@/components/ui/copy-button';

/** OneTime shows a one-time password, this once: it is kept nowhere but as a hash. */
export function OneTime({ password, name }: { password: string; name: string }) {
  return (
    <div className="rounded-md border border-tier-3 bg-warn-soft px-3 py-2" data-one-time>
      <p className="text-sm font-medium">One-time password of {name}</p>
      <p className="mt-1 flex items-center gap-2">
        <code className="text-lg break-all select-all">{password}</code>
        <CopyButton text={password} label="Copy the one-time password" />
      </p>
      <p className="mt-1 max-w-[64ch] text-sm text-ink-2">
        It is shown this once. Pass it on where nobody else reads along; at the first sign-in it has to be replaced, and until then nothing
        else opens.
      </p>
    </div>
  );
}
