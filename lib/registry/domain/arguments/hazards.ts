import { childrenOf, isNode, nodesOf, type Node } from './walk';

export const PARAMETER_SCHEMA_BYTES_MAX = 64 * 1024;
export const PARAMETER_SCHEMA_DEPTH_MAX = 32;
/** UNIQUE_ITEMS_MAX bounds lists whose elements are compared each with each. */
export const UNIQUE_ITEMS_MAX = 1_000;
export const PATTERNS_PER_SCHEMA_MAX = 100;

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';
const SCALARS: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'null']);

/**
 * schemaHazard says in one sentence why a schema is not even compiled: another draft, too large or deep, a reference that leaves it or leads back to
 * itself without going into the arguments, work that grows faster than the arguments. Null when nothing is.
 */
export function schemaHazard(schema: Node): string | null {
  if (depthOf(schema, PARAMETER_SCHEMA_DEPTH_MAX) < 0) return `the parameter schema is nested more than ${PARAMETER_SCHEMA_DEPTH_MAX} deep`;
  if (new TextEncoder().encode(JSON.stringify(schema)).length > PARAMETER_SCHEMA_BYTES_MAX)
    return `the parameter schema is larger than ${PARAMETER_SCHEMA_BYTES_MAX} bytes`;
  const nodes = nodesOf(schema);
  return (
    draftHazard(nodes) ??
    nodes.reduce<string | null>((found, node) => found ?? referenceHazard(schema, node) ?? uniqueHazard(node), null) ??
    patternHazard(nodes) ??
    loopHazard(schema, nodes)
  );
}

function draftHazard(nodes: readonly Node[]): string | null {
  for (const node of nodes) {
    const draft = node['$schema'];
    if (draft !== undefined && draft !== DRAFT && draft !== `${DRAFT}#`)
      return `the parameter schema names another draft than 2020-12 in $schema; write it for ${DRAFT} or leave $schema out`;
  }
  const nested = nodes.slice(1).some((node) => typeof node['$id'] === 'string');
  return nested ? 'a part of the parameter schema has an $id of its own; use $defs and $anchor instead' : null;
}

function referenceHazard(root: Node, node: Node): string | null {
  for (const keyword of ['$ref', '$dynamicRef']) {
    const reference = node[keyword];
    if (typeof reference !== 'string') continue;
    if (!reference.startsWith('#')) return 'the parameter schema refers to something outside itself; copy it into $defs';
    if (resolve(root, reference) === undefined) return 'the parameter schema has a reference that leads nowhere';
  }
  return null;
}

/** resolve finds what `#`, `#/a/pointer` or `#anchor` means; undefined: nothing, or no schema. */
function resolve(root: Node, reference: string): Node | boolean | undefined {
  const fragment = decode(reference.slice(1));
  if (fragment === undefined) return undefined;
  if (fragment !== '' && !fragment.startsWith('/'))
    return nodesOf(root).find((node) => node['$anchor'] === fragment || node['$dynamicAnchor'] === fragment);
  let value: unknown = root;
  for (const segment of fragment.split('/').slice(1)) {
    const name = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return typeof value === 'boolean' || isNode(value) ? value : undefined;
}

function decode(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}

// Elements that may be objects are compared each with each: a long list would take the square of its length.
function uniqueHazard(node: Node): string | null {
  if (node['uniqueItems'] !== true) return null;
  const most = node['maxItems'];
  if (typeof most === 'number' && most <= UNIQUE_ITEMS_MAX) return null;
  const items = node['items'];
  const types = isNode(items) ? [items['type']].flat() : [];
  if (types.length > 0 && types.every((type) => SCALARS.has(type))) return null;
  return `a list has uniqueItems; give it maxItems of at most ${UNIQUE_ITEMS_MAX}, or its items a type that is text, a number or a boolean`;
}

function patternHazard(nodes: readonly Node[]): string | null {
  let patterns = 0;
  for (const node of nodes) {
    if (typeof node['pattern'] === 'string') patterns += 1;
    if (isNode(node['patternProperties'])) patterns += Object.keys(node['patternProperties']).length;
  }
  return patterns > PATTERNS_PER_SCHEMA_MAX ? `the parameter schema has more than ${PATTERNS_PER_SCHEMA_MAX} patterns` : null;
}

/** loopHazard looks for a way from a subschema back to itself that never goes into the value: such a check would not end. */
function loopHazard(root: Node, nodes: readonly Node[]): string | null {
  const state = new Map<Node, 'open' | 'done'>();
  const loops = (node: Node): boolean => {
    const known = state.get(node);
    if (known !== undefined) return known === 'open';
    state.set(node, 'open');
    const found = sameValue(root, node).some(loops);
    state.set(node, 'done');
    return found;
  };
  return nodes.some(loops) ? 'the parameter schema refers to itself without going into the arguments' : null;
}

function sameValue(root: Node, node: Node): Node[] {
  const next = childrenOf(node).flatMap((child) => (child.inPlace ? [child.node] : []));
  for (const keyword of ['$ref', '$dynamicRef']) {
    const reference = node[keyword];
    const target = typeof reference === 'string' ? resolve(root, reference) : undefined;
    if (isNode(target)) next.push(target);
  }
  return next;
}

/** depthOf returns what is left of `budget` below the deepest value, negative when it is deeper. */
function depthOf(value: unknown, budget: number): number {
  if (typeof value !== 'object' || value === null || budget < 0) return budget;
  let least = budget - 1;
  for (const member of Object.values(value)) least = Math.min(least, depthOf(member, budget - 1));
  return least;
}
