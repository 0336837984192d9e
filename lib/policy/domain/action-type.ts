import { compileArguments } from '@/lib/registry/domain/arguments';
import type { ArgumentCheck } from '@/lib/registry/domain/arguments';
import { classificationGaps } from '@/lib/registry/domain/classification';
import type { ActionType, Effect, Reversal, Reversibility } from '@/lib/registry/schema';
import { compileReaders } from '@/lib/policy/domain/readers';
import type { Readers } from '@/lib/policy/domain/readers';

type Judged = { effect: Effect; reversibility: Reversibility; check: ArgumentCheck; readers: Readers; reversal: Reversal | undefined };

/**
 * CompiledActionType is an action type ready for many decisions. Keep one object per version of a type: plans are cached by
 * it. `judged` is null for anything not approved without gaps, which is tier 4 whatever it is asked to do.
 */
export type CompiledActionType = {
  readonly name: string;
  readonly title: string;
  readonly version: number;
  readonly judged: Judged | null;
};

/** compileActionType never throws: a type whose schema or classification cannot be used comes out unclassified. */
export function compileActionType(type: ActionType): CompiledActionType {
  const { name, title, version } = type;
  const unclassified = { name, title, version, judged: null };
  if (type.status !== 'approved' || type.classification === null || classificationGaps(type).length > 0) return unclassified;
  const parameters = compileArguments(type.parameters);
  if (!parameters.ok) return unclassified;
  const { effect, reversibility, reversal } = type.classification;
  return {
    name,
    title,
    version,
    judged: { effect, reversibility, reversal, check: parameters.check, readers: compileReaders(type.classification) },
  };
}

/** unclassifiedActionType stands for a tool nobody registered; the name is the agent's and appears in no reason. */
export function unclassifiedActionType(name: string): CompiledActionType {
  return { name, title: 'Actions nobody has classified', version: 0, judged: null };
}
