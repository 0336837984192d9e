'use client';

import { createContext, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { Dialog } from '@/components/ui/dialog';
import { keys, type KeyName } from './registry';

type Handlers = Partial<Record<KeyName, () => void>>;
type Keys = { bind: (handlers: Handlers) => () => void; showHelp: () => void };

const Context = createContext<Keys | null>(null);
const storageName = 'countersign-single-keys';

const byKey = new Map<string, KeyName>(Object.entries(keys).map(([name, { key }]) => [key, name as KeyName]));

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest('input, textarea, select, [role="listbox"], [role="menu"], [role="dialog"]') !== null)
  );
}

const settingListeners = new Set<() => void>();
function subscribeSetting(listener: () => void): () => void {
  settingListeners.add(listener);
  return () => settingListeners.delete(listener);
}
function readSetting(): boolean {
  try {
    return localStorage.getItem(storageName) !== 'off';
  } catch {
    return true;
  }
}
function writeSetting(on: boolean): void {
  try {
    localStorage.setItem(storageName, on ? 'on' : 'off');
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  for (const tell of settingListeners) tell();
}

/** KeyProvider listens once for the whole page and hands keys to whoever bound them last. */
export function KeyProvider({ children }: { children: ReactNode }) {
  const stack = useRef<Handlers[]>([]);
  const [help, setHelp] = useState(false);
  const enabled = useSyncExternalStore(subscribeSetting, readSetting, () => true);

  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const name = byKey.get(event.key);
      if (name === undefined) return;
      const handler = name === 'help' ? () => setHelp(true) : stack.current.findLast((handlers) => handlers[name])?.[name];
      if (!handler) return;
      event.preventDefault();
      handler();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [enabled]);

  const value = useMemo<Keys>(
    () => ({
      bind: (handlers) => {
        stack.current.push(handlers);
        return () => {
          stack.current = stack.current.filter((other) => other !== handlers);
        };
      },
      showHelp: () => setHelp(true),
    }),
    [],
  );

  return (
    <Context value={value}>
      {children}
      <Dialog open={help} onOpenChange={setHelp} title="Keys" className="sm:w-[400px]">
        <dl className="grid grid-cols-[1fr_auto] gap-y-2">
          {Object.values(keys).map(({ key, label }) => (
            <div key={key} className="contents">
              <dt>{label}</dt>
              <dd>
                <kbd className="rounded border border-line-strong bg-sunken px-1.5 py-0.5 text-xs">{key}</kbd>
              </dd>
            </div>
          ))}
        </dl>
        <label className="flex items-center gap-2 border-t border-line pt-3 text-sm">
          <input
            type="checkbox"
            className="size-4 accent-(--accent)"
            checked={enabled}
            onChange={(event) => writeSetting(event.target.checked)}
          />
          Single keys are on
        </label>
      </Dialog>
    </Context>
  );
}

function useKeyContext(): Keys {
  const context = useContext(Context);
  if (!context) throw new Error('keys are bound inside KeyProvider');
  return context;
}

/** useKeys binds keys of the registry while the component is there; the latest handlers count. */
export function useKeys(handlers: Handlers): void {
  const { bind } = useKeyContext();
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  const names = Object.keys(handlers).sort().join(' ');
  useEffect(() => {
    const bound: Handlers = {};
    for (const name of names.split(' ')) if (name in keys) bound[name as KeyName] = () => latest.current[name as KeyName]?.();
    return bind(bound);
  }, [bind, names]);
}

/** useKeyHelp opens the list of keys. */
export const useKeyHelp = (): (() => void) => useKeyContext().showHelp;
