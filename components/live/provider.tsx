'use client';

import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { Head } from '@/lib/ledger/reading/schema';

/** Without a word from the server for this long, what is shown counts as stale. */
const silenceMsMax = 12_000;
/** The explorer may lag the ledger for a moment; longer than this it is said. */
const behindMsMax = 5_000;
/** How long to wait before asking again for a stream that was refused. */
const retryMs = 3_000;

export type LiveState = 'connecting' | 'live' | 'behind' | 'stale';
type Live = { state: LiveState; head: Head | null };

const Context = createContext<Live>({ state: 'connecting', head: null });

/** LiveProvider keeps one event stream for the page and says honestly whether it is alive. */
export function LiveProvider({ initial, children }: { initial: Head | null; children: ReactNode }) {
  const [live, setLive] = useState<Live>({ state: 'connecting', head: initial });

  useEffect(() => {
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let heardAt = Date.now();
    let behindSince: number | null = null;
    const heard = (state: LiveState, head?: Head) => {
      heardAt = Date.now();
      setLive((before) => ({ state, head: head ?? before.head }));
    };
    const stateOf = (): LiveState => (behindSince !== null && Date.now() - behindSince > behindMsMax ? 'behind' : 'live');
    const connect = () => {
      const opened = new EventSource('/api/v1/ledger/stream');
      source = opened;
      opened.addEventListener('head', (event: MessageEvent<string>) => {
        const head = Head.safeParse(JSON.parse(event.data));
        if (!head.success) return;
        behindSince = head.data.behind === 0 ? null : (behindSince ?? Date.now());
        heard(stateOf(), head.data);
      });
      // A beat proves the connection, not the database: after "stale" only a head makes the page live again.
      opened.addEventListener('beat', () => {
        heardAt = Date.now();
        setLive((before) => (before.state === 'live' || before.state === 'behind' ? { ...before, state: stateOf() } : before));
      });
      opened.addEventListener('stale', () => heard('stale'));
      opened.addEventListener('signed_out', () => {
        opened.close();
        window.location.assign(`/sign-in?from=${encodeURIComponent(window.location.pathname + window.location.search)}`);
      });
      opened.addEventListener('error', () => {
        setLive((before) => ({ ...before, state: 'stale' }));
        // A lost connection is taken up again by the browser; a refused one is not.
        if (opened.readyState === EventSource.CLOSED) retry = setTimeout(connect, retryMs);
      });
    };
    connect();
    const timer = setInterval(() => {
      if (Date.now() - heardAt > silenceMsMax) setLive((before) => (before.state === 'stale' ? before : { ...before, state: 'stale' }));
    }, 1_000);
    return () => {
      clearInterval(timer);
      clearTimeout(retry);
      source?.close();
    };
  }, []);

  return <Context value={live}>{children}</Context>;
}

/** useLive is the ledger's head as last heard, and whether that is current. */
export const useLive = (): Live => useContext(Context);
