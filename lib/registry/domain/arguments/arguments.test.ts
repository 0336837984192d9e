import { describe, expect, it } from 'vitest';
import { compileArguments, explainArguments, MISMATCHES_MAX, PARAMETER_SCHEMA_DEPTH_MAX } from '.';
import { PATTERN_SIZE_MAX } from './patterns';

type Schema = Record<string, unknown>;
const problemOf = (schema: Schema): string | null => {
  const compiled = compileArguments(schema);
  return compiled.ok ? null : compiled.problem;
};
const checked = (schema: Schema, value: unknown): string | null => {
  const compiled = compileArguments(schema);
  if (!compiled.ok) throw new Error(compiled.problem);
  return compiled.check(value)?.text ?? null;
};
const deep = (levels: number): Schema => (levels === 0 ? { type: 'string' } : { properties: { a: deep(levels - 1) } });
const nested = (levels: number): unknown => (levels === 0 ? {} : { a: nested(levels - 1) });

/** Each definition asks for the next one twice. */
function laughs(levels: number): Schema {
  const definitions: Schema = { [`d${levels}`]: { type: 'object' } };
  for (let level = 0; level < levels; level++)
    definitions[`d${level}`] = { allOf: [{ $ref: `#/$defs/d${level + 1}` }, { $ref: `#/$defs/d${level + 1}` }] };
  return { $defs: definitions, $ref: '#/$defs/d0' };
}

describe('a parameter schema that could not be trusted is refused before it is compiled', () => {
  it.each<[string, Schema, RegExp]>([
    ['of draft 7', { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' }, /another draft than 2020-12/],
    ['of draft 4', { $schema: 'http://json-schema.org/draft-04/schema#' }, /another draft/],
    ['with a part of another draft', { properties: { a: { $schema: 'http://json-schema.org/draft-07/schema#' } } }, /another draft/],
    ['that calls itself something nobody knows', { $schema: 'https://example.com/mine' }, /another draft/],
    ['with a part that has a name of its own', { $defs: { a: { $id: 'https://example.com/a' } } }, /\$id of its own/],
    ['larger than 64 KiB', { enum: Array.from({ length: 20_000 }, (_, index) => `value ${index}`) }, /larger than 65536 bytes/],
    ['larger than 64 KiB in bytes, not characters', { const: '€'.repeat(30_000) }, /larger than 65536 bytes/],
    ['of endless depth', deep(PARAMETER_SCHEMA_DEPTH_MAX), /nested more than 32 deep/],
    ['that refers to another machine', { $ref: 'https://example.com/schema.json' }, /outside itself/],
    ['that refers to a file', { properties: { a: { $ref: 'other.json#/a' } } }, /outside itself/],
    ['with a reference to nothing', { $ref: '#/$defs/none' }, /leads nowhere/],
    ['with a reference to an anchor nobody set', { $ref: '#none' }, /leads nowhere/],
    ['with a reference through a prototype', { $ref: '#/__proto__' }, /leads nowhere/],
    ['that is its own definition', { $ref: '#' }, /refers to itself/],
    [
      'that goes in a circle',
      { $defs: { a: { anyOf: [{ $ref: '#/$defs/b' }] }, b: { not: { $ref: '#/$defs/a' } } }, $ref: '#/$defs/a' },
      /refers to itself/,
    ],
    // oxlint-disable-next-line unicorn/no-thenable
    ['that goes in a circle under a condition', { if: { required: ['x'] }, then: { $ref: '#' } }, /refers to itself/],
    ['that goes in a circle by anchor', { $anchor: 'me', oneOf: [{ $ref: '#me' }] }, /refers to itself/],
    ['whose long list is compared each with each', { type: 'array', uniqueItems: true }, /maxItems/],
    ['whose long list of objects is', { type: 'array', uniqueItems: true, maxItems: 5_000, items: { type: 'object' } }, /maxItems/],
    [
      'with a hundred and one patterns',
      { patternProperties: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`^p${i}$`, {}])) },
      /more than 100 patterns/,
    ],
  ])('%s', (_name, schema, expected) => {
    expect(problemOf(schema)).toMatch(expected);
  });

  it.each<[string, Schema]>([
    ['a pattern that looks ahead', { type: 'string', pattern: '(?=a)b' }],
    ['a pattern that looks behind', { type: 'string', pattern: '(?<!a)b' }],
    ['a pattern that refers back', { type: 'string', pattern: '(a)\\1' }],
    ['a pattern that is none', { type: 'string', pattern: '(' }],
    ['a pattern JavaScript would not take', { type: 'string', pattern: 'a{,3}' }],
    ['a pattern whose program is too large', { type: 'string', pattern: `a{1,1000}b{1,1000}` }],
    ['a misspelt keyword', { type: 'object', requierd: ['amount'] }],
    ['an unknown type', { type: 'money' }],
    ['an unknown format', { type: 'string', format: 'amount' }],
    ['a list of items as older drafts had it', { type: 'array', items: [{ type: 'string' }] }],
  ])('and so is one with %s', (_name, schema) => {
    expect(problemOf(schema)).toMatch(/cannot be used/);
    expect(PATTERN_SIZE_MAX).toBeLessThan(4_000);
  });

  it.each<[string, Schema]>([
    ['of draft 2020-12 that says so', { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' }],
    ['that says so with a hash', { $schema: 'https://json-schema.org/draft/2020-12/schema#' }],
    ['with definitions and anchors', { $defs: { a: { $anchor: 'amount', type: 'string' } }, properties: { a: { $ref: '#amount' } } }],
    [
      'of a tree, which refers to itself inside the arguments',
      { type: 'object', properties: { children: { type: 'array', items: { $ref: '#' } } } },
    ],
    [
      'with a property called $ref',
      { type: 'object', properties: { $ref: { type: 'string' }, $schema: { type: 'string' }, $id: { type: 'string' } } },
    ],
    ['with data that looks like a schema', { const: { $ref: 'https://example.com', $schema: 'x' } }],
    ['with a short list of different objects', { type: 'array', uniqueItems: true, maxItems: 100, items: { type: 'object' } }],
    ['with a long list of different texts', { type: 'array', uniqueItems: true, items: { type: 'string' } }],
    ['with a property name that is escaped', { $defs: { 'a/b': { type: 'string' } }, properties: { a: { $ref: '#/$defs/a~1b' } } }],
  ])('one %s is taken', (_name, schema) => {
    expect(problemOf(schema)).toBeNull();
  });
});

describe('checking arguments takes a bounded time, whatever the schema', () => {
  it.each<[string, Schema, unknown]>([
    ['definitions that double thirty times', laughs(30), {}],
    [
      'a tree whose branches are each tried twice',
      { $defs: { n: { properties: { a: { allOf: [{ $ref: '#/$defs/n' }, { $ref: '#/$defs/n' }] } } } }, $ref: '#/$defs/n' },
      nested(60),
    ],
    [
      'a long list against a long enumeration',
      { items: { enum: Array.from({ length: 3_000 }, (_, i) => `v${i}`) } },
      Array(60_000).fill('v2999'),
    ],
    ['a text against a pattern that remembers much', { pattern: '^(.*a.{400}b.*|.*b.{400}c.*)$' }, 'abcd'.repeat(60_000)],
  ])('%s is refused', (_name, schema, value) => {
    expect(checked(schema, value)).toBe('The arguments take too long to check.');
  });

  it('a pattern that would backtrack for years answers at once', () => {
    const began = performance.now();
    expect(checked({ type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(100_000)}b`)).toMatch(/do not match/);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it('what was too costly leaves nothing behind for the next check', () => {
    expect(checked(laughs(30), {})).not.toBeNull();
    expect(checked({ type: 'object' }, {})).toBeNull();
  });

  it('two patterns of one schema stay two', () => {
    const schema = { type: 'object', properties: { a: { type: 'string', pattern: '^a$' }, b: { type: 'string', pattern: '^b$' } } };
    expect(checked(schema, { a: 'a', b: 'b' })).toBeNull();
    expect(checked(schema, { a: 'b', b: 'b' })).toMatch(/properties\/a\/pattern/);
    expect(checked(schema, { a: 'a', b: 'a' })).toMatch(/properties\/b\/pattern/);
  });

  it('a pattern under not is not fooled by a long text', () => {
    expect(checked({ not: { type: 'string', pattern: '^(.*a.{400}b.*)$' } }, 'abcd'.repeat(60_000))).toBe(
      'The arguments take too long to check.',
    );
  });
});

describe('a person who tries a schema is told every mismatch and where', () => {
  const schema = {
    type: 'object',
    additionalProperties: false,
    required: ['amount'],
    properties: { amount: { type: 'string' }, lines: { type: 'array', items: { type: 'number' } } },
  };
  it.each<[string, unknown, { pointer: string; text: string }[]]>([
    ['arguments that match', { amount: '5' }, []],
    ['what is missing', {}, [{ pointer: '/amount', text: 'is missing' }]],
    ['what the schema does not name', { amount: '5', 'a/b': 1 }, [{ pointer: '/a~1b', text: 'is not named by the schema' }]],
    ['what has another type', { amount: 5 }, [{ pointer: '/amount', text: 'must be string' }]],
    ['an element of a list', { amount: '5', lines: [1, 'two'] }, [{ pointer: '/lines/1', text: 'must be number' }]],
    ['no object at all', 'text', [{ pointer: '', text: 'must be object' }]],
  ])('%s', (_name, value, expected) => {
    expect(explainArguments(schema, value)).toEqual({ ok: true, mismatches: expected });
  });

  it('but not more than anyone reads', () => {
    const lines = Array(5_000).fill('x');
    const explained = explainArguments(schema, { amount: '1', lines });
    expect(explained.ok && explained.mismatches).toHaveLength(MISMATCHES_MAX);
  });

  it('and of a schema that cannot be used, why', () => {
    expect(explainArguments({ $ref: '#' }, {})).toMatchObject({ ok: false });
  });
});
