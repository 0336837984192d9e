'use client';

import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { Head } from '@/lib/ledger/reading/schema';

/** Without a word from the server for this long, what is shown counts as stale. */
const silenceMsMax = 12_000;
/** The explorer may lag the ledger for a moment; longer than this it is said. */
const behindMsMax = 5_000;

export type LiveState = 'connecting' | 'live' | 'behind' | 'stale';
type Live = { state: LiveState; head: Head | null };

const Context = createContext<Live>({ state: 'connecting', head: null });

/** LiveProvider keeps one event stream for the page and says honestly whether it is alive. */
export function LiveProvider({ initial, children }: { initial: Head | null; children: ReactNode }) {
  const [live, setLive] = useState<Live>({ state: 'connecting', head: initial });

  useEffect(() => {
    const source = new EventSource('/api/v1/ledger/stream');
    let heardAt = Date.now();
    let behindSince: number | null = null;
    const heard = (state: LiveState, head?: Head) => {
      heardAt = Date.now();
      setLive((before) => ({ state, head: head ?? before.head }));
    };
    const stateOf = (): LiveState => (behindSince !== null && Date.now() - behindSince > behindMsMax ? 'behind' : 'live');
    source.addEventListener('head', (event: MessageEvent<string>) => {
      const head = Head.safeParse(JSON.parse(event.data));
      if (!head.success) return;
      behindSince = head.data.behind === 0 ? null : (behindSince ?? Date.now());
      heard(stateOf(), head.data);
    });
    // A beat proves the connection, not the database: after "stale" only a head makes the page live again.
    source.addEventListener('beat', () => {
      heardAt = Date.now();
      setLive((before) => (before.state === 'live' || before.state === 'behind' ? { ...before, state: stateOf() } : before));
    });
    source.addEventListener('stale', () => heard('stale'));
    source.addEventListener('signed_out', () => {
      source.close();
      window.location.assign(`/sign-in?from=${encodeURIComponent(window.location.pathname + window.location.search)}`);
    });
    source.addEventListener('error', () => setLive((before) => ({ ...before, state: before.state === 'connecting' ? 'connecting' : 'stale' })));
    const timer = setInterval(() => {
      if (Date.now() - heardAt > silenceMsMax) setLive((before) => (before.state === 'stale' ? before : { ...before, state: 'stale' }));
    }, 1_000);
    return () => {
      clearInterval(timer);
      source.close();
    };
  }, []);

  return <Context value={live}>{children}</Context>;
}

/** useLive is the ledger's head as last heard, and whether that is current. */
export const useLive = (): Live => useContext(Context);
