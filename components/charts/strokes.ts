/** How each line is drawn: told apart by its dashes, without its colour. */
export const strokes = [
  { dash: '0', colour: 'var(--accent)' },
  { dash: '6 4', colour: 'var(--ink-2)' },
  { dash: '2 3', colour: 'var(--tier-3)' },
] as const;
