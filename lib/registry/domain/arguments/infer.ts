import type { Json } from '@/lib/kernel/canonical';

export type Schema = { [keyword: string]: Json };

const CURRENCY_CODE = /^[A-Z]{3}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const DECIMAL_TEXT = /^\d+(\.\d+)?$/;

/** Longest text a proposed schema lets through where the sample is shorter: a person tightens or widens it. */
const TEXT_LENGTH_PROPOSED = 256;

/**
 * inferSchema proposes a JSON Schema for arguments like these: every member required, none other allowed, a type for each. A start for a person, not
 * an answer: one sample cannot tell what may be left out.
 */
export function inferSchema(sample: Json): Schema {
  return schemaOf(sample, '');
}

function schemaOf(value: Json, name: string): Schema {
  if (value === null) return { type: 'null' };
  if (Array.isArray(value)) return listOf(value, name);
  switch (typeof value) {
    case 'boolean':
      return { type: 'boolean' };
    case 'number':
      return Number.isInteger(value) ? { type: 'integer' } : { type: 'number' };
    case 'string':
      return textOf(value, name);
    default:
      return objectOf(value);
  }
}

function objectOf(value: { [name: string]: Json }): Schema {
  const properties = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, schemaOf(member, name)]));
  return { type: 'object', additionalProperties: false, required: Object.keys(value), properties };
}

function textOf(value: string, name: string): Schema {
  if (CURRENCY_CODE.test(value) && /currency|ccy/i.test(name)) return { type: 'string', pattern: '^[A-Z]{3}$' };
  if (DATE_TIME.test(value)) return { type: 'string', format: 'date-time' };
  if (DATE.test(value)) return { type: 'string', format: 'date' };
  // Amounts travel as text; a number of the same tool would be read as well.
  if (DECIMAL_TEXT.test(value) && /amount|price|total|sum|value/i.test(name)) return { type: ['string', 'number'] };
  return { type: 'string', minLength: value === '' ? 0 : 1, maxLength: Math.max(TEXT_LENGTH_PROPOSED, value.length) };
}

function listOf(values: readonly Json[], name: string): Schema {
  const [first, ...more] = values.map((value) => schemaOf(value, name));
  if (first === undefined) return { type: 'array' };
  return { type: 'array', items: more.reduce<Schema>((left, right) => merged(left, right), first) };
}

/** merged is a schema that both samples match: what only one of them has is not required. */
function merged(left: Schema, right: Schema): Schema {
  if (JSON.stringify(left) === JSON.stringify(right)) return left;
  if (left['type'] === 'object' && right['type'] === 'object') return mergedObjects(left, right);
  const types = [...new Set([left['type'], right['type']].flat())].filter((type): type is string => typeof type === 'string');
  if (types.includes('number')) return loose(types.filter((type) => type !== 'integer'));
  return loose(types);
}

// Two texts that look different keep nothing but their type; objects beside other things keep nothing of their members.
const loose = (types: readonly string[]): Schema => ({ type: types.length === 1 ? (types[0] ?? 'string') : [...types] });

function mergedObjects(left: Schema, right: Schema): Schema {
  const ofLeft = membersOf(left);
  const ofRight = membersOf(right);
  const properties: Schema = { ...ofLeft };
  for (const [name, schema] of Object.entries(ofRight)) {
    const other = ofLeft[name];
    properties[name] = isSchema(other) && isSchema(schema) ? merged(other, schema) : schema;
  }
  const required = requiredOf(left).filter((name) => requiredOf(right).includes(name));
  return { type: 'object', additionalProperties: false, required, properties };
}

const isSchema = (value: Json | undefined): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);
const membersOf = (schema: Schema): Schema => (isSchema(schema['properties']) ? schema['properties'] : {});
const requiredOf = (schema: Schema): string[] =>
  (Array.isArray(schema['required']) ? schema['required'] : []).filter((name): name is string => typeof name === 'string');
