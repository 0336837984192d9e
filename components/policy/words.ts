import type { DraftState, PolicyNaming } from '@/lib/policy/reading/schema';
import type { Policy } from '@/lib/policy/schema';
import type { PolicyNames } from '@/lib/policy/domain/statements';

/** Names said in one breath. */
const namesMax = 4;

/** listOf joins names as people do: `Ana`, `Ana or Liam`, `Ana, Liam or Raj`; of many, the first few and how many more. */
export function listOf(all: readonly string[], last: 'or' | 'and'): string {
  const names = all.length <= namesMax ? all : [...all.slice(0, namesMax - 1), `${all.length - namesMax + 1} others`];
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`;
}

/** draftNeeds says in one line where a draft stands and what it waits for. */
export function draftNeeds(draft: DraftState): string {
  if (draft.status === 'draft') return `Being written by ${listOf(draft.editors, 'and')}${draft.returned ? '; sent back' : ''}`;
  const who = draft.maySign.length === 0 ? 'and nobody else may sign' : `from ${listOf(draft.maySign, 'or')}`;
  return `Waits for ${draft.missing === 1 ? 'one signature' : `${draft.missing} signatures`} ${who}`;
}

/** namesFor picks out of what a page knows by name what one policy's sentences need. */
export function namesFor({ selector }: Policy, naming: PolicyNaming): PolicyNames {
  const holder = selector.level === 'process' ? selector.process : selector.level === 'agent' ? selector.agent : '';
  return { titles: new Map(Object.entries(naming.titles)), holder: naming.holders[holder] ?? null };
}

export const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
