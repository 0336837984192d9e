import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export const PARAMETER_SCHEMA_BYTES_MAX = 64 * 1024;
export const PARAMETER_SCHEMA_DEPTH_MAX = 32;

/** ArgumentProblem says what is wrong with arguments in the schema author's words; nothing the agent wrote is in it. */
export type ArgumentProblem = { pointer: string; text: string };

/** ArgumentCheck is null for arguments that match. */
export type ArgumentCheck = (value: unknown) => ArgumentProblem | null;

// One instance for all schemas, since each instance compiles the meta-schemas anew. `addUsedSchema: false` keeps one
// tool's `$id` from meaning anything to another's `$ref`; `ownProperties` keeps `__proto__` from standing in for a member.
const ajv = new Ajv2020({
  strict: true,
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  allErrors: false,
  addUsedSchema: false,
  ownProperties: true,
  validateFormats: true,
  logger: false,
});
addFormats.default(ajv);

type Compiled = { ok: true; check: ArgumentCheck } | { ok: false; problem: string };

// Compiling costs a thousand times more than checking, and a schema is asked about when it is approved and when it is used.
const compiled = new WeakMap<object, Compiled>();

/** compileArguments turns a JSON Schema (draft 2020-12) into a check, or says in one sentence why it cannot be used. A schema object is not changed afterwards. */
export function compileArguments(schema: Readonly<Record<string, unknown>>): Compiled {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const fresh = compileFresh(schema);
  compiled.set(schema, fresh);
  return fresh;
}

function compileFresh(schema: Readonly<Record<string, unknown>>): Compiled {
  if (depthOf(schema, PARAMETER_SCHEMA_DEPTH_MAX) < 0)
    return { ok: false, problem: `the parameter schema is nested more than ${PARAMETER_SCHEMA_DEPTH_MAX} deep` };
  if (JSON.stringify(schema).length > PARAMETER_SCHEMA_BYTES_MAX)
    return { ok: false, problem: `the parameter schema is larger than ${PARAMETER_SCHEMA_BYTES_MAX} bytes` };
  let validate: ValidateFunction;
  try {
    validate = ajv.compile(schema);
  } catch (error) {
    return { ok: false, problem: `the parameter schema cannot be used: ${error instanceof Error ? error.message : 'unknown'}` };
  } finally {
    ajv.removeSchema(schema);
  }
  return { ok: true, check: (value) => (validate(value) === true ? null : problemOf(validate.errors?.[0])) };
}

function problemOf(error: ErrorObject | undefined): ArgumentProblem {
  if (error === undefined) return { pointer: '#', text: 'The arguments do not match their schema.' };
  const missing: unknown = error.params['missingProperty'];
  if (error.keyword === 'required' && typeof missing === 'string')
    return { pointer: error.schemaPath, text: `The argument ${missing} is missing.` };
  if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties')
    return { pointer: error.schemaPath, text: 'There is an argument that the schema does not name.' };
  return { pointer: error.schemaPath, text: `The arguments do not match their schema at ${error.schemaPath}.` };
}

/** depthOf returns what is left of `budget` below the deepest value, negative when it is deeper. */
function depthOf(value: unknown, budget: number): number {
  if (typeof value !== 'object' || value === null || budget < 0) return budget;
  let least = budget - 1;
  for (const member of Object.values(value)) least = Math.min(least, depthOf(member, budget - 1));
  return least;
}
