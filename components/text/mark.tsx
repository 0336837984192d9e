import { classNames } from '@/components/ui/class-names';

export type MarkLook = { shape: string; word: string; colour: string };

/** Mark is a state as shape and word: the colour only says it once more. */
export function Mark({ shape, word, colour }: MarkLook) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span aria-hidden className={classNames('inline-block w-4 text-center', colour)}>
        {shape}
      </span>
      {word}
    </span>
  );
}
