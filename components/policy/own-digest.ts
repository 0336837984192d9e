'use client';

import { useEffect, useState } from 'react';
import { canonicalJson } from '@/lib/kernel/canonical';
import type { Policy } from '@/lib/policy/schema';

/** OwnDigest: `agrees` when this browser computes the digest the server gave; `unknown` while it works, or where browsers refuse to (no HTTPS). */
export type OwnDigest = 'agrees' | 'differs' | 'unknown';

/** useOwnDigest computes the digest of the document on the screen, so that what is signed is what is seen. */
export function useOwnDigest(document: Policy, given: string): OwnDigest {
  const [own, setOwn] = useState<{ document: Policy; digest: string } | null>(null);
  useEffect(() => {
    let current = true;
    digestOf(document).then(
      (digest) => current && setOwn({ document, digest }),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [document]);
  if (own === null || own.document !== document) return 'unknown';
  return own.digest === given ? 'agrees' : 'differs';
}

async function digestOf(document: Policy): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonicalJson(document)));
  return `sha-256:${[...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
