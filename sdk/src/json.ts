/** Any value JSON can carry. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const depthMax = 64;

/**
 * frozenJson returns a deeply frozen copy of a JSON object, with members that are `undefined` left out. Throws a TypeError that names the place
 * for anything JSON would change on its way (dates, maps, NaN, -0, lone surrogates, sparse arrays): what is decided on must be what is run.
 */
export function frozenJson(value: object): { readonly [name: string]: Json } {
  if (!isPlain(value)) throw new TypeError('The arguments of a governed action are a plain object.');
  return copyObject(value, '', 0);
}

function copy(value: unknown, pointer: string, depth: number): Json {
  if (depth > depthMax) throw new TypeError(`At ${pointer}: deeper than ${depthMax} levels.`);
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      if (!isWellFormed(value)) throw new TypeError(`At ${pointer}: text with half a character in it.`);
      return value;
    case 'number':
      if (!Number.isFinite(value) || Object.is(value, -0)) throw new TypeError(`At ${pointer}: ${value} is no JSON number.`);
      return value;
    case 'object':
      if (value === null) return null;
      // A hole of a sparse array is met here as undefined, and refused.
      if (Array.isArray(value)) return Object.freeze(Array.from(value, (one, index) => copy(one, `${pointer}/${index}`, depth + 1)));
      if (isPlain(value)) return copyObject(value, pointer, depth);
  }
  throw new TypeError(`At ${pointer || '/'}: only what JSON can carry may be an argument.`);
}

function copyObject(value: Record<string, unknown>, pointer: string, depth: number): { readonly [name: string]: Json } {
  const result: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) {
    const here = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (name === '__proto__' || !isWellFormed(name)) throw new TypeError(`At ${here}: no name for a member.`);
    if (member !== undefined) result[name] = copy(member, here, depth + 1);
  }
  return Object.freeze(result);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** isWellFormed tells whether a text has no half of a surrogate pair in it. */
export function isWellFormed(text: string): boolean {
  return !/[\uD800-\uDFFF]/u.test(text);
}
