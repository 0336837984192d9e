'use client';

import { useSyncExternalStore } from 'react';

const tickMs = 1_000;
let now: number | null = null;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const tell of listeners) tell();
  }, tickMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
    now = null;
  };
}

/** useNow is the time in milliseconds, moving every second; null on the server and while the page wakes up, so that both draw the same. */
export function useNow(): number | null {
  return useSyncExternalStore(
    subscribe,
    () => (now ??= Date.now()),
    () => null,
  );
}
