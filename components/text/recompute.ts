'use client';

import { useEffect, useState, type RefObject } from 'react';
import { readBack } from './read-back';

/** What became of recomputing a digest here: only `equal` may be signed. `unable`: this browser does not compute digests on this address. */
export type Recomputed = 'computing' | 'equal' | 'different' | 'unable';

async function digestOf(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return `sha-256:${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * useRecomputed computes the SHA-256 of the canonical text that stands on the page, not of what the server said would stand there, and compares it
 * with `digest`. `where` holds exactly one element with `data-canonical`; `text` is computed anew when it changes.
 */
export function useRecomputed(where: RefObject<HTMLElement | null>, text: string | null, digest: string): Recomputed {
  const wanted = `${digest} ${text ?? ''}`;
  const [known, setKnown] = useState<{ wanted: string; result: Recomputed }>({ wanted, result: 'computing' });
  useEffect(() => {
    let current = true;
    const tell = (result: Recomputed) => current && setKnown({ wanted, result });
    const shown = where.current?.querySelector<HTMLElement>('[data-canonical]');
    // Browsers offer WebCrypto to https and localhost alone.
    if (typeof crypto === 'undefined' || crypto.subtle === undefined) tell('unable');
    else if (text === null || !shown) tell('different');
    else
      digestOf(readBack(shown)).then(
        (computed) => tell(computed === digest ? 'equal' : 'different'),
        () => tell('unable'),
      );
    return () => {
      current = false;
    };
  }, [where, wanted, text, digest]);
  return known.wanted === wanted ? known.result : 'computing';
}
