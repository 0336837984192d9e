/** Node is one subschema: booleans are not walked. */
export type Node = Readonly<Record<string, unknown>>;

// Where draft 2020-12 keeps subschemas: under a keyword, in a list, or by name. Everything else is data and never looked into.
const SINGLE = [
  'items',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'propertyNames',
  'contentSchema',
  'not',
  'if',
  'then',
  'else',
] as const;
const LISTS = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const;
const MAPS = ['properties', 'patternProperties', 'dependentSchemas', 'dependencies', '$defs', 'definitions'] as const;
const IN_PLACE: ReadonlySet<string> = new Set(['not', 'if', 'then', 'else', 'allOf', 'anyOf', 'oneOf', 'dependentSchemas', 'dependencies']);

export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Child is a subschema and whether it looks at the same value as its parent. */
export type Child = { keyword: string; at: readonly (string | number)[]; node: Node; inPlace: boolean };

/** childrenOf lists the subschemas directly inside one. */
export function childrenOf(node: Node): Child[] {
  const children: Child[] = [];
  const add = (keyword: string, at: readonly (string | number)[], value: unknown) => {
    if (isNode(value)) children.push({ keyword, at, node: value, inPlace: IN_PLACE.has(keyword) });
  };
  for (const keyword of SINGLE) if (Object.hasOwn(node, keyword)) add(keyword, [keyword], node[keyword]);
  for (const keyword of LISTS) {
    const list = Object.hasOwn(node, keyword) ? node[keyword] : undefined;
    if (Array.isArray(list)) list.forEach((value: unknown, index) => add(keyword, [keyword, index], value));
  }
  for (const keyword of MAPS) {
    const map = Object.hasOwn(node, keyword) ? node[keyword] : undefined;
    if (isNode(map)) for (const [name, value] of Object.entries(map)) add(keyword, [keyword, name], value);
  }
  return children;
}

/** nodesOf lists a schema and all that is inside it, the outermost first. */
export function nodesOf(root: Node): Node[] {
  const nodes: Node[] = [root];
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index];
    if (node !== undefined) nodes.push(...childrenOf(node).map((child) => child.node));
  }
  return nodes;
}
