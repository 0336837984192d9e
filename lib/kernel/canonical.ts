import canonicalize from 'canonicalize';

/** Any value JSON can carry. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/**
 * canonicalJson returns the RFC 8785 (JCS) form of a JSON value. Members that are `undefined` are left out.
 * Throws on lone surrogates and on numbers JSON cannot carry, which `parseStrictJson` has refused already.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('not a JSON value');
  return text;
}
