import { Fragment } from 'react';
import { classNames } from '@/components/ui/class-names';
import { visibleParts } from '@/lib/kernel/visible';

/** Marks is a text with every unseen character named in its place; nothing of it is ever markup. */
export function Marks({ text, multiline = false }: { text: string; multiline?: boolean }) {
  return visibleParts(text, multiline).map((part, i) =>
    part.mark === undefined ? (
      <Fragment key={i}>{part.text}</Fragment>
    ) : (
      <span key={i} className="hidden-mark" data-mark={part.mark} title="A character that would not be seen">
        ⟨{part.mark}⟩
      </span>
    ),
  );
}

/** Verbatim shows somebody else's text as it is: in the order of its characters, nothing hidden, nothing interpreted, nothing cut. */
export function Verbatim({ text, multiline = false, className }: { text: string; multiline?: boolean; className?: string }) {
  return (
    <span className={classNames('verbatim', className)}>
      <Marks text={text} multiline={multiline} />
    </span>
  );
}
