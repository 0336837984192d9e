import { _, type KeywordCxt } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { CHECK_STEPS_MAX, spend, TooCostly, withBudget } from './budget';
import { schemaHazard } from './hazards';
import { patternEngine } from './patterns';
import { childrenOf, type Node } from './walk';

/** ArgumentProblem says what is wrong with arguments in the schema author's words; nothing the agent wrote is in it. */
export type ArgumentProblem = { pointer: string; text: string };

/** ArgumentCheck is null for arguments that match. */
export type ArgumentCheck = (value: unknown) => ArgumentProblem | null;

type Compiled = { ok: true; check: ArgumentCheck } | { ok: false; problem: string };

const WEIGHT = 'countersign-weight';
/** An instance keeps something of every schema it compiled, so it is left behind after so many. */
const SCHEMAS_PER_INSTANCE = 1_000;

/** Bench compiles schemas on one Ajv instance at a time, since each instance compiles the meta-schemas anew. */
class Bench {
  private ajv: Ajv2020 | undefined;
  private compiled = 0;

  constructor(private readonly allErrors: boolean) {}

  compile(schema: Node): ValidateFunction {
    if (this.ajv === undefined || this.compiled >= SCHEMAS_PER_INSTANCE) {
      this.ajv = newAjv(this.allErrors);
      this.compiled = 0;
    }
    this.compiled += 1;
    const { ajv } = this;
    const metered = weighted(schema, true);
    try {
      return withBudget(Number.POSITIVE_INFINITY, () => ajv.compile(metered));
    } finally {
      ajv.removeSchema(metered);
    }
  }
}

// `ownProperties` keeps `__proto__` from standing in for a member. No schema gets here with an `$id`, so none means anything to another.
function newAjv(allErrors: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    allErrors,
    ownProperties: true,
    validateFormats: true,
    logger: false,
    // A long definition that is referred to often would be written out each time.
    inlineRefs: false,
    code: { regExp: patternEngine },
  });
  addFormats.default(ajv);
  // Known to the draft and resolved by Ajv, and yet unknown to its strict mode.
  ajv.addKeyword('$anchor');
  ajv.addKeyword({
    keyword: WEIGHT,
    schemaType: 'number',
    code: ({ gen, schema }: KeywordCxt) => gen.code(_`${gen.scopeValue('func', { ref: spend })}(${schema})`),
  });
  return ajv;
}

/** weighted copies a schema so that each subschema, whenever it is looked at, takes its size from the budget of the check. */
function weighted(node: Node, isRoot: boolean): Node {
  const copy: Record<string, unknown> = structuredClone(node);
  // The draft was looked at, and nothing refers to the root by its name.
  delete copy['$schema'];
  if (isRoot) delete copy['$id'];
  for (const { at, node: child } of childrenOf(node)) put(copy, at, weighted(child, false));
  const choices = copy['enum'];
  copy[WEIGHT] = Object.keys(copy).length + (Array.isArray(choices) ? choices.length : 0);
  return copy;
}

function put(into: Record<string, unknown>, at: readonly (string | number)[], value: Node): void {
  const [keyword = '', key] = at;
  if (key === undefined) into[keyword] = value;
  else Reflect.set(Object(into[keyword]), key, value);
}

const strict = new Bench(false);
const thorough = new Bench(true);

// Compiling costs a thousand times more than checking, and a schema is asked about when it is approved and when it is used.
const known = new WeakMap<object, Compiled>();

/** compileArguments turns a JSON Schema (draft 2020-12) into a check, or says in one sentence why it cannot be used. A schema object is not changed afterwards. */
export function compileArguments(schema: Node): Compiled {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const validated = validator(strict, schema);
  const fresh: Compiled = validated.ok ? { ok: true, check: checkOf(validated.validate) } : validated;
  known.set(schema, fresh);
  return fresh;
}

type Validator = { ok: true; validate: ValidateFunction } | { ok: false; problem: string };

function validator(bench: Bench, schema: Node): Validator {
  const hazard = schemaHazard(schema);
  if (hazard !== null) return { ok: false, problem: hazard };
  try {
    return { ok: true, validate: bench.compile(schema) };
  } catch (error) {
    return { ok: false, problem: `the parameter schema cannot be used: ${error instanceof Error ? inWords(error.message) : 'unknown'}` };
  }
}

const inWords = (message: string): string =>
  message.replace(/^strict mode: /, '').replace(/^schema is invalid: data/, 'it is no JSON Schema at #');

function checkOf(validate: ValidateFunction): ArgumentCheck {
  return (value) => {
    try {
      return withBudget(CHECK_STEPS_MAX, () => validate(value)) === true ? null : problemOf(validate.errors?.[0]);
    } catch (error) {
      return tooCostly(error);
    }
  };
}

// Nested so deep that the stack ends counts like any other work that is too much; what else is thrown is ours to hear of.
function tooCostly(error: unknown): ArgumentProblem {
  if (error instanceof TooCostly || error instanceof RangeError) return { pointer: '#', text: 'The arguments take too long to check.' };
  throw error;
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

/** MISMATCHES_MAX bounds what a person is told at once. */
export const MISMATCHES_MAX = 20;

/** Explained says of sample arguments everything that is wrong: `pointer` is into the arguments, `text` follows "The value". */
export type Explained = { ok: true; mismatches: ArgumentProblem[] } | { ok: false; problem: string };

/** explainArguments checks arguments that a person typed, for their author alone: it names places and values that a decision would keep to itself. */
export function explainArguments(schema: Node, value: unknown): Explained {
  const validated = validator(thorough, schema);
  if (!validated.ok) return validated;
  const { validate } = validated;
  try {
    if (withBudget(CHECK_STEPS_MAX, () => validate(value)) === true) return { ok: true, mismatches: [] };
  } catch (error) {
    return { ok: true, mismatches: [{ pointer: '', text: tooCostly(error).text }] };
  }
  const mismatches = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(mismatchOf);
  return { ok: true, mismatches: mismatches.slice(0, MISMATCHES_MAX) };
}

function mismatchOf({ instancePath, keyword, params, message }: ErrorObject): ArgumentProblem {
  const missing: unknown = params['missingProperty'];
  if (keyword === 'required' && typeof missing === 'string') return { pointer: `${instancePath}/${segment(missing)}`, text: 'is missing' };
  const extra: unknown = params['additionalProperty'] ?? params['unevaluatedProperty'];
  if (typeof extra === 'string') return { pointer: `${instancePath}/${segment(extra)}`, text: 'is not named by the schema' };
  return { pointer: instancePath, text: message ?? 'does not match' };
}

const segment = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
