import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { classNames } from './class-names';

const look = cva(
  'inline-flex items-center justify-center gap-2 rounded-md border text-sm font-medium whitespace-nowrap transition-colors duration-100 select-none disabled:cursor-not-allowed disabled:border-line disabled:bg-sunken disabled:text-ink-2',
  {
    variants: {
      tone: {
        primary: 'border-accent bg-accent text-accent-ink hover:border-accent-hover hover:bg-accent-hover',
        plain: 'border-line-strong bg-raised text-ink hover:bg-sunken',
        danger: 'border-danger bg-raised text-danger hover:bg-danger-soft',
        quiet: 'border-transparent bg-transparent text-ink-2 hover:bg-sunken hover:text-ink',
      },
      size: { md: 'h-8 px-3', lg: 'h-10 px-4', icon: 'size-8 px-0' },
    },
    defaultVariants: { tone: 'plain', size: 'md' },
  },
);

export type ButtonLook = VariantProps<typeof look>;

/** buttonLook gives the classes of a button, for links that look like one. */
export const buttonLook = (options: ButtonLook & { className?: string } = {}): string => classNames(look(options), options.className);

export function Button({ tone, size, className, type = 'button', ...rest }: ComponentProps<'button'> & ButtonLook) {
  return <button type={type} className={classNames(look({ tone, size }), className)} {...rest} />;
}
