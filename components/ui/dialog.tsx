'use client';

import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { classNames } from './class-names';

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  className?: string;
  focus?: RefObject<HTMLElement | null>;
};

/** Dialog is a modal panel in the middle of the page, a sheet from below on a phone. `focus` is what is focused when it opens: never the button that decides. */
export function Dialog({ open, onOpenChange, title, description, children, className, focus }: Props) {
  return (
    <Base.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-black/45 transition-opacity duration-100 data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          {...(focus ? { initialFocus: focus } : {})}
          className={classNames(
            'fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] flex-col gap-4 overflow-y-auto rounded-t-[10px] bg-raised p-5 text-ink shadow-float transition-[opacity,translate] duration-100 data-ending-style:opacity-0 data-starting-style:translate-y-2 data-starting-style:opacity-0',
            'sm:inset-auto sm:top-[12dvh] sm:left-1/2 sm:max-h-[80dvh] sm:w-[560px] sm:max-w-[calc(100vw-48px)] sm:-translate-x-1/2 sm:rounded-[8px] sm:data-starting-style:translate-y-0',
            className,
          )}
        >
          <div className="flex items-start justify-between gap-4">
            <div className="min-w-0">
              <Base.Title className="text-lg font-semibold">{title}</Base.Title>
              {description ? <Base.Description className="mt-1 text-base text-ink-2">{description}</Base.Description> : null}
            </div>
            <Base.Close
              aria-label="Close"
              className="-mt-1 -mr-2 grid size-8 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-sunken hover:text-ink"
            >
              <X size={16} aria-hidden />
            </Base.Close>
          </div>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
