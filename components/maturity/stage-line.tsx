import Link from 'next/link';
import { link } from '@/components/ui/link';
import type { MaturityStage } from '@/lib/maturity/schema';

type Props = { stage: MaturityStage; word: string; missing: string | null; missingTotal: number; href: string };

/** StageLine is the stage of a process or an agent in a line, with the first of what is missing for the next one. */
export function StageLine({ stage, word, missing, missingTotal, href }: Props) {
  return (
    <p className="py-2 text-sm" data-stage={stage}>
      <Link href={href} className={link}>
        Stage {stage} {word}
      </Link>
      {missing === null ? null : (
        <span className="text-ink-2">
          {' '}
          · missing: {missing}
          {missingTotal > 1 ? ` And ${missingTotal - 1} more.` : ''}
        </span>
      )}
    </p>
  );
}
