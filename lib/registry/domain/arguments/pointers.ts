import type { Json } from '@/lib/kernel/canonical';

/** Most pointers offered of one sample. */
export const POINTERS_MAX = 200;
const DEPTH_MAX = 12;

/** Place is one value of a sample: `*` in its pointer stands for every element of a list. */
export type Place = { pointer: string; kind: 'text' | 'number' | 'boolean' | 'null' | 'list' | 'object'; example: string };

/** placesOf lists what a classification can point at in arguments like these, in the order in which they were written. */
export function placesOf(sample: Json): Place[] {
  const places: Place[] = [];
  const seen = new Set<string>();
  const visit = (value: Json, pointer: string, depth: number): void => {
    if (places.length >= POINTERS_MAX || depth > DEPTH_MAX) return;
    if (pointer !== '' && !pointer.endsWith('/*') && !seen.has(pointer)) {
      seen.add(pointer);
      places.push({ pointer, kind: kindOf(value), example: exampleOf(value) });
    }
    if (Array.isArray(value)) for (const element of value.slice(0, 20)) visit(element, `${pointer}/*`, depth + 1);
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value))
        visit(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth + 1);
  };
  visit(sample, '', 0);
  return places;
}

function kindOf(value: Json): Place['kind'] {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'text';
  return typeof value === 'object' ? 'object' : typeof value === 'number' ? 'number' : 'boolean';
}

function exampleOf(value: Json): string {
  if (Array.isArray(value)) return `${value.length} ${value.length === 1 ? 'element' : 'elements'}`;
  return typeof value === 'object' && value !== null ? '' : JSON.stringify(value).slice(0, 40);
}
