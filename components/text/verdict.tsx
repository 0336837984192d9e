import { classNames } from '@/components/ui/class-names';

const verdicts = {
  allow: { shape: '●', word: 'Allowed' },
  allow_reversible: { shape: '◐', word: 'Reversible' },
  approval_required: { shape: '◷', word: 'Had to wait' },
  halt: { shape: '■', word: 'Halted' },
  deny: { shape: '✕', word: 'Denied' },
} as const;
export type VerdictName = keyof typeof verdicts;

/** What a verdict means, for the filter and the screen reader. */
export const verdictLabels: readonly { value: VerdictName; label: string }[] = [
  { value: 'allow', label: '● Allowed' },
  { value: 'allow_reversible', label: '◐ Reversible' },
  { value: 'approval_required', label: '◷ Had to wait for approval' },
  { value: 'halt', label: '■ Halted' },
  { value: 'deny', label: '✕ Denied' },
];

const tierColour = { 1: 'text-tier-1', 2: 'text-tier-2', 3: 'text-tier-3', 4: 'text-tier-4' } as const;
export const tierWords = { 1: 'Autonomous', 2: 'Supervised', 3: 'Approval required', 4: 'Halt and escalate' } as const;

const isTier = (tier: number): tier is keyof typeof tierColour => tier in tierColour;
const colourOf = (tier: number | null): string => (tier !== null && isTier(tier) ? tierColour[tier] : 'text-danger');

/** VerdictMark is the shape of a verdict in the colour of its tier, and the word. */
export function VerdictMark({ verdict, tier, className }: { verdict: VerdictName; tier: number | null; className?: string }) {
  const { shape, word } = verdicts[verdict];
  return (
    <span className={classNames('inline-flex items-center gap-2 whitespace-nowrap', className)}>
      <span aria-hidden className={classNames('inline-block w-4 text-center text-[15px] leading-none', colourOf(tier))}>
        {shape}
      </span>
      {word}
    </span>
  );
}

/** TierMark is colour, numeral and word; a refusal has no tier. */
export function TierMark({ tier, short = false }: { tier: number | null; short?: boolean }) {
  if (tier === null || !isTier(tier)) return <span className="text-ink-2">{short ? '–' : 'No tier'}</span>;
  return (
    <span className={classNames('whitespace-nowrap', colourOf(tier))}>
      <span className="tabular font-semibold">{tier}</span>
      <span className={short ? 'sr-only' : ''}> {tierWords[tier]}</span>
    </span>
  );
}

/** The words of the dimensions a decision can turn on. */
const dimensionWords: Record<string, string> = { regimes: 'regime', categories: 'data categories' };
export const dimensionWord = (dimension: string): string => dimensionWords[dimension] ?? dimension;
