import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '@/lib/kernel/canonical';
import { compileArguments } from '.';
import { inferSchema } from './infer';
import { readTypedJson } from './line';
import { placesOf } from './pointers';
import { sampleOf } from './sample';

const accepts = (schema: Record<string, unknown>, value: unknown): boolean => {
  const compiled = compileArguments(schema);
  return compiled.ok && compiled.check(value) === null;
};

describe('a schema is proposed from sample arguments', () => {
  it.each<[string, Json, unknown]>([
    ['a text', { vendor: 'V-88' }, { vendor: { type: 'string', minLength: 1, maxLength: 256 } }],
    ['an empty text', { note: '' }, { note: { type: 'string', minLength: 0, maxLength: 256 } }],
    ['an amount, as text or number', { amount: '62000.00' }, { amount: { type: ['string', 'number'] } }],
    ['digits that are no amount', { account: '0815' }, { account: { type: 'string', minLength: 1, maxLength: 256 } }],
    ['a currency', { currency: 'EUR' }, { currency: { type: 'string', pattern: '^[A-Z]{3}$' } }],
    ['three capitals that are none', { airport: 'FRA' }, { airport: { type: 'string', minLength: 1, maxLength: 256 } }],
    [
      'a day and an instant',
      { on: '2026-11-21', at: '2026-11-21T09:00:00Z' },
      { on: { type: 'string', format: 'date' }, at: { type: 'string', format: 'date-time' } },
    ],
    [
      'numbers',
      { whole: 3, part: 0.5, yes: true, nothing: null },
      { whole: { type: 'integer' }, part: { type: 'number' }, yes: { type: 'boolean' }, nothing: { type: 'null' } },
    ],
    ['an empty list', { lines: [] }, { lines: { type: 'array' } }],
    ['a list of two kinds', { lines: [1, 'a'] }, { lines: { type: 'array', items: { type: ['integer', 'string'] } } }],
  ])('%s', (_name, sample, properties) => {
    expect(inferSchema(sample)).toEqual({ type: 'object', additionalProperties: false, required: Object.keys(sample ?? {}), properties });
  });

  it('in which a member that only some elements have may be left out', () => {
    const { properties } = inferSchema({ lines: [{ id: 'a', note: 'x' }, { id: 'b' }] }) as {
      properties: { lines: { items: { required: string[] } } };
    };
    expect(properties.lines.items.required).toEqual(['id']);
  });

  it('never one that refuses its own sample', () => {
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'grapheme' }),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('value'), { maxLength: 4 }),
      object: fc.dictionary(
        fc.string({ minLength: 1, maxLength: 6 }).filter((name) => name !== '__proto__'),
        tie('value'),
        { maxKeys: 5, noNullPrototype: true },
      ),
    }));
    fc.assert(
      fc.property(json.object, (sample) => {
        expect(accepts(inferSchema(sample as Json), sample)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('and one that refuses what was not there', () => {
    const schema = inferSchema({ vendor: 'V-88' });
    for (const other of [{}, { vendor: '' }, { vendor: 1 }, { vendor: 'V-88', amount: '5' }, [], 'V-88', null])
      expect(accepts(schema, other)).toBe(false);
  });
});

describe('what a classification can point at', () => {
  it('is every value of the sample, with a star for the elements of a list', () => {
    const places = placesOf({ vendor: { id: 'V-88' }, lines: [{ amount: '1' }, { amount: '2', 'a/b~c': 3 }] });
    expect(places.map(({ pointer, kind }) => [pointer, kind])).toEqual([
      ['/vendor', 'object'],
      ['/vendor/id', 'text'],
      ['/lines', 'list'],
      ['/lines/*/amount', 'text'],
      ['/lines/*/a~1b~0c', 'number'],
    ]);
  });

  it('ends before a sample that does not', () => {
    expect(placesOf(Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, i]))).length).toBe(200);
  });
});

describe('sample arguments are made up from a schema', () => {
  it.each<[string, Record<string, unknown>, Json]>([
    [
      'an object',
      { type: 'object', properties: { amount: { type: ['string', 'number'] }, n: { type: 'integer', minimum: 3 } } },
      { amount: '100.00', n: 3 },
    ],
    ['a choice', { properties: { size: { enum: ['small', 'large'] } } }, { size: 'small' }],
    ['an example', { properties: { size: { type: 'string', examples: ['XL'] } } }, { size: 'XL' }],
    ['a list', { type: 'array', items: { type: 'boolean' } }, [true]],
    ['what it cannot guess', { $ref: '#/$defs/a' }, 'text'],
  ])('%s', (_name, schema, expected) => {
    expect(sampleOf(schema)).toEqual(expected);
  });

  it('also from a schema that refers to nothing sensible', () => {
    for (const schema of [null, true, [], { type: 'object', properties: 'none' }, { items: { items: {} } }])
      expect(() => sampleOf(schema)).not.toThrow();
  });
});

describe('JSON that a person types', () => {
  it.each<[string, string, string]>([
    ['that ends too early', '{\n  "a": 1,\n', 'Line 3, column 1'],
    ['with a comma too many', '{ "a": 1, }', 'Line 1, column 11'],
    ['with a name twice', '{\n "a": 1,\n "a": 2 }', 'Line 3, column 2: a member name stands twice'],
    ['with single quotes', "{ 'a': 1 }", 'Line 1, column 3'],
    ['with a number a tool might read otherwise', '{ "a": 12345678901234567890 }', 'does not survive a round trip'],
    ['that is empty', '', 'Line 1, column 1'],
  ])('%s is refused with its line', (_name, text, expected) => {
    const typed = readTypedJson(text);
    expect(typed.ok ? 'taken' : typed.text).toContain(expected);
  });

  it('is read when it is JSON', () => {
    expect(readTypedJson('{ "a": [1, "2"] }')).toEqual({ ok: true, value: { a: [1, '2'] } });
  });
});
