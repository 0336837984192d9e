import type { Permission } from '@/lib/people/schema';

/** What everybody holds who can see a finding. */
export const reads: Permission = 'findings:read';

/** written is a number as people read it. */
export const written = (many: number): string => many.toLocaleString('en');
/** count writes a number with its noun. */
export const count = (many: number, noun: string, plural = `${noun}s`): string => `${written(many)} ${many === 1 ? noun : plural}`;

const namedMax = 3;
/** listed names a few and counts the rest. */
export function listed(names: readonly string[]): string {
  const more = names.length - namedMax;
  const shown = more > 0 ? [...names.slice(0, namedMax), `${more} more`] : [...names];
  return new Intl.ListFormat('en').format(shown);
}

/** quoted names a few texts that an agent or a stranger wrote, as their words. */
export const quoted = (texts: readonly string[]): string => listed(texts.map((text) => `“${text}”`));
