/** Sources are what a classification may look at, each as the agent sent it. */
export type Sources = { arguments: unknown; resource?: unknown; action?: unknown };

/** ParsedPointer is a JSON Pointer (RFC 6901) taken apart once; `*` segments are for `pointEach` alone. */
export type ParsedPointer = { text: string; source: keyof Sources; segments: readonly string[] };

const ARRAY_INDEX = /^(0|[1-9][0-9]{0,8})$/;
const PREFIXED = /^(resource|action):/;

/** parsePointer takes a pointer of a classification apart: unprefixed into the arguments, `resource:` or `action:` into those. */
export function parsePointer(text: string): ParsedPointer {
  const prefix = PREFIXED.exec(text);
  const path = prefix === null ? text : text.slice(prefix[0].length);
  const source = prefix === null ? 'arguments' : prefix[1] === 'resource' ? 'resource' : 'action';
  const segments = path
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  return { text, source, segments };
}

/** point returns the value at the pointer, or undefined (which no JSON value is) when there is none. */
export function point(sources: Sources, pointer: ParsedPointer): unknown {
  let value: unknown = sources[pointer.source];
  for (const segment of pointer.segments) value = memberOf(value, segment);
  return value;
}

/** pointEach returns every value the pointer's `*` segments reach; null when any element lacks it or an array is not one. */
export function pointEach(sources: Sources, pointer: ParsedPointer): unknown[] | null {
  let values: unknown[] = [sources[pointer.source]];
  for (const segment of pointer.segments) {
    const next: unknown[] = [];
    for (const value of values) {
      if (segment === '*') {
        if (!Array.isArray(value)) return null;
        for (const element of value) next.push(element);
      } else {
        const member = memberOf(value, segment);
        if (member === undefined) return null;
        next.push(member);
      }
    }
    values = next;
  }
  return values;
}

// Own members only: `/__proto__/x` or `/constructor` must find nothing that the agent did not send.
function memberOf(value: unknown, segment: string): unknown {
  if (Array.isArray(value)) return ARRAY_INDEX.test(segment) ? value[Number(segment)] : undefined;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
  return Reflect.get(value, segment);
}
