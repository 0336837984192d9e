'use client';

import { CopyButton } from '@/components/ui/copy-button';
import type { IssuedAnswer } from '@/lib/identity/schema';

/** Secret is shown once, in the answer that made it: nobody can read it again. */
export function Secret({ issued, gatewayUrl }: { issued: IssuedAnswer; gatewayUrl: string }) {
  const command = `curl -s ${gatewayUrl}/oauth/token -d grant_type=client_credentials -d client_id=${issued.credential.id} -d client_secret=${issued.secret}`;
  return (
    <div className="flex flex-col gap-3" data-secret>
      <Line label="Client id" text={issued.credential.id} />
      <Line label="Client secret" text={issued.secret} />
      <Line label="A token, to try it" text={command} />
      <p className="text-sm text-ink-2">
        The secret is kept nowhere. When this is closed, nobody can read it again; lose it, and you replace it.
      </p>
    </div>
  );
}

function Line({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <p className="text-sm font-medium">{label}</p>
      <div className="flex items-start gap-2">
        <code className="min-w-0 flex-1 rounded-md bg-sunken px-2 py-1.5 text-[13px] leading-5 break-all" data-line={label}>
          {text}
        </code>
        <CopyButton text={text} label={`Copy: ${label.toLowerCase()}`} />
      </div>
    </div>
  );
}
