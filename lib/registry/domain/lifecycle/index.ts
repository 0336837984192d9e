import { canonicalJson } from '@/lib/kernel/canonical';

export * from './edits';
export * from './gate';
export * from './moves';

/** nextSchemaVersion counts changes of the parameter schema: one that means the same keeps its version, however it is written. */
export function nextSchemaVersion(recorded: { version: number; parameters: unknown } | undefined, parameters: unknown): number {
  if (!recorded) return 1;
  return canonicalJson(recorded.parameters) === canonicalJson(parameters) ? recorded.version : recorded.version + 1;
}
