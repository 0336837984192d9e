import { describe, expect, it } from 'vitest';
import { PARAMETER_SCHEMA_DEPTH_MAX, compileArguments } from '@/lib/registry/domain/arguments';
import { classificationGaps } from '@/lib/registry/domain/classification';
import { ActionType } from '@/lib/registry/schema';

const classified = (classification: Record<string, unknown>) =>
  ActionType.parse({
    name: 'payments.schedule',
    title: 'Vendor payments',
    system: 'erp',
    version: 1,
    status: 'unset',
    parameters: { type: 'object' },
    classification: {
      effect: 'execute',
      reversibility: 'reversible',
      sensitivity: { constant: 'internal' },
      audience: { constant: 'internal' },
      ...classification,
    },
  });
const codes = (type: ActionType) => classificationGaps(type).map((gap) => gap.code);
const compensation = { action: 'payments.cancel' };
const reversal = { windowSeconds: 3600, until: 'settlement' };

describe('an action type is approved only when it is fully classified', () => {
  it.each([
    ['a reversible action with its compensation', { compensation }, []],
    ['a compensable action with its compensation', { reversibility: 'compensable', compensation, reversal }, []],
    ['a read', { effect: 'read' }, []],
    ['an irreversible action', { reversibility: 'irreversible' }, []],
    ['a reversible action without one', {}, ['COMPENSATION_MISSING']],
    ['a compensable action without one', { reversibility: 'compensable' }, ['COMPENSATION_MISSING']],
    ['a read with one', { effect: 'read', compensation }, ['COMPENSATION_NOT_POSSIBLE']],
    ['an irreversible action with one', { reversibility: 'irreversible', compensation }, ['COMPENSATION_NOT_POSSIBLE']],
    ['an irreversible action with a window', { reversibility: 'irreversible', reversal }, ['REVERSAL_NOT_POSSIBLE']],
  ])('%s', (_name, classification, expected) => {
    expect(codes(classified(classification))).toEqual(expected);
  });

  it('an action type nobody classified cannot be approved', () => {
    expect(codes({ ...classified({ compensation }), classification: null })).toEqual(['CLASSIFICATION_MISSING']);
  });

  it.each([
    ['an unknown type', { type: 'money' }],
    ['a misspelt keyword', { type: 'object', requierd: ['amount'] }],
    ['a reference that leads nowhere', { $ref: '#/$defs/none' }],
    ['a reference to another machine', { $ref: 'https://example.com/schema.json' }],
    ['another draft', { $schema: 'http://json-schema.org/draft-04/schema#' }],
    ['an unknown format', { type: 'string', format: 'amount' }],
    ['a pattern that is none', { type: 'string', pattern: '(' }],
  ])('a parameter schema with %s cannot be approved', (_name, parameters) => {
    expect(codes({ ...classified({ compensation }), parameters })).toEqual(['PARAMETERS_INVALID']);
  });

  it('a parameter schema of endless depth or size cannot be approved', () => {
    let deep: Record<string, unknown> = { type: 'string' };
    for (let level = 0; level < PARAMETER_SCHEMA_DEPTH_MAX; level++) deep = { properties: { a: deep } };
    expect(compileArguments(deep).ok).toBe(false);
    expect(compileArguments({ enum: Array.from({ length: 20_000 }, (_, index) => `value ${index}`) }).ok).toBe(false);
  });

  it('two tools whose schemas have one $id do not meet', () => {
    const schema = (type: string) => ({ $id: 'https://example.com/tool', type });
    const text = compileArguments(schema('string'));
    const number = compileArguments(schema('number'));
    expect(text.ok && text.check('a')).toBeNull();
    expect(number.ok && number.check('a')).not.toBeNull();
    expect(compileArguments({ $ref: 'https://example.com/tool' }).ok).toBe(false);
  });
});

describe('a classification that leaves room for doubt is not accepted', () => {
  it.each([
    ['no sensitivity', { sensitivity: undefined }],
    ['no audience', { audience: undefined }],
    ['an unknown effect', { effect: 'tidy' }],
    ['an unknown member', { colour: 'blue' }],
    ['money as a number', { money: { constant: { amount: 5, currency: 'USD' } } }],
    ['money in a lower-case currency', { money: { constant: { amount: '5', currency: 'usd' } } }],
    ['an amount without where its currency is', { money: { pointer: '/amount' } }],
    ['a sum that names no list', { money: { sum: '/amount', currency: { constant: 'USD' } } }],
    ['a declared dimension without its floor', { money: { declared: true } }],
    ['a pointer without a slash', { records: { pointer: 'amount' } }],
    ['a pointer with a stray tilde', { records: { pointer: '/a~2' } }],
    ['two ways to read one dimension', { records: { constant: 1, pointer: '/n' } }],
    ['negative records', { records: { constant: -1 } }],
    ['a category in upper case', { categories: { constant: ['PII'] } }],
  ])('%s', (_name, classification) => {
    expect(() => classified(classification)).toThrow();
  });
});
