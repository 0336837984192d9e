import { clsx, type ClassValue } from 'clsx';
import { twMerge } from 'tailwind-merge';

/** classNames joins class names; of two that contradict each other the later one wins. */
export const classNames = (...values: ClassValue[]): string => twMerge(clsx(values));
