/** How each line is drawn: told apart by its dashes, without its colour. */
export const strokes = [
  { dash: '0', colour: 'var(--accent)' },
  { dash: '6 4', colour: 'var(--ink-2)' },
  { dash: '2 3', colour: 'var(--tier-3)' },
] as const;

const marked = [
  { strokeDasharray: '2 4', stroke: 'var(--danger)' },
  { strokeDasharray: '10 4', stroke: 'var(--live)' },
] as const;

/** How each line to compare with is drawn. */
export const markStroke = (index: number) => ({ ...(marked[index % marked.length] ?? marked[0]), strokeWidth: 1.5 });
