export { compileArguments, explainArguments, MISMATCHES_MAX } from './compile';
export type { ArgumentCheck, ArgumentProblem, Explained } from './compile';
export { PARAMETER_SCHEMA_BYTES_MAX, PARAMETER_SCHEMA_DEPTH_MAX, PATTERNS_PER_SCHEMA_MAX, UNIQUE_ITEMS_MAX } from './hazards';
