import { useSyncExternalStore } from 'react';

const never = () => () => undefined;

/** useAwake is false until the page can react: what is typed into a form before that would be lost. */
export const useAwake = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
