import { parseDocument } from 'yaml';
import { z } from 'zod';
import { Email } from '@/lib/people/schema';
import { classificationGaps } from '@/lib/registry/domain/classification';
import {
  ActionName,
  AutonomyFloor,
  Classification,
  Currency,
  SENTENCE_LENGTH_MAX,
  TITLE_LENGTH_MAX,
  type ActionType,
} from '@/lib/registry/schema';

/** Largest mapping read, and most tools in one. */
export const mapBytesMax = 1024 * 1024;
export const toolsMax = 500;

const id = (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[0-9a-z_]{1,40}$`), `an id such as ${prefix}_airline`);
const Line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{C}+$/u, 'has characters that cannot be shown');
const JsonSchema = z.record(z.string(), z.unknown());

/** Which member of a recorded call the agent declares as the money it moves (`context.risk.money`). */
const DeclaredMoney = z.strictObject({ field: z.literal('value_usd'), currency: Currency });

/** MappedTool is one recorded tool: the action type it is, and how each dimension of its risk is read. */
export const MappedTool = z.strictObject({
  action: ActionName,
  title: Line(TITLE_LENGTH_MAX),
  /** What one such call does, for the person who decides it; braces name arguments: `Cancel reservation {reservation_id}`. */
  sentence: Line(SENTENCE_LENGTH_MAX).optional(),
  /** JSON Schema (draft 2020-12) of the arguments; `#/$defs/…` reaches the map's own `$defs`. */
  parameters: JsonSchema,
  classification: Classification,
  declares: z.strictObject({ money: DeclaredMoney }).optional(),
});
export type MappedTool = z.infer<typeof MappedTool>;

/** ReplayMap is what a person writes once about an agent whose calls were recorded elsewhere: who it is and what its tools do to the world. */
export const ReplayMap = z.strictObject({
  version: z.literal(1),
  agent: z.strictObject({
    id: id('agt'),
    name: Line(120),
    purpose: Line(500),
    floor: AutonomyFloor.default(2),
    registered_by: Email,
    /** Who vouches for it, and who reviewed what was registered: never the person who registered it. */
    sponsor: Email,
    reviewed_by: Email,
    model: Line(120).optional(),
  }),
  process: z.strictObject({
    id: id('prc'),
    name: Line(120),
    description: Line(1_000).optional(),
    owner: Email,
    created_by: Email,
    /** The team that is Responsible for Escalation, so signs beside the owner, who is Accountable; without one the owner signs alone. */
    supervisors: z.strictObject({ team: Line(120), members: z.array(Email).min(1).max(50) }).optional(),
  }),
  system: z.strictObject({ id: id('sys'), name: Line(120) }),
  /** Actions that undo a tool and that no tool is; a sentence each. */
  compensations: z.record(ActionName, Line(300)).default({}),
  $defs: z.record(z.string().regex(/^[A-Za-z0-9_]{1,64}$/), JsonSchema).default({}),
  tools: z.record(Line(200), MappedTool),
});
export type ReplayMap = z.infer<typeof ReplayMap>;

/** ParsedMap is a mapping ready to use, or every problem found in it, one sentence each. */
export type ParsedMap = { ok: true; map: ReplayMap } | { ok: false; problems: string[] };

/**
 * parseMap reads a mapping from YAML. Aliases, repeated and unknown members, parameter schemas that do not compile, and classifications that
 * could not be approved (lib/registry/domain/classification.ts) are problems.
 */
export function parseMap(text: string): ParsedMap {
  if (Buffer.byteLength(text) > mapBytesMax) return { ok: false, problems: [`the map is larger than ${mapBytesMax} bytes`] };
  const document = parseDocument(text, { uniqueKeys: true, strict: true });
  if (document.errors.length > 0) return { ok: false, problems: document.errors.map((error) => error.message.replace(/:?\s*\n[^]*$/, '')) };
  let raw: unknown;
  try {
    // Aliases hide from a reviewer what is written somewhere else; `$defs` are the visible way.
    raw = document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    return { ok: false, problems: [error instanceof Error ? error.message : 'the map is not YAML'] };
  }
  const parsed = ReplayMap.safeParse(raw);
  if (!parsed.success)
    return { ok: false, problems: parsed.error.issues.map((issue) => `${issue.path.join('.') || 'map'}: ${issue.message}`) };
  const problems = problemsOf(parsed.data);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, map: parsed.data };
}

function problemsOf(map: ReplayMap): string[] {
  const tools = Object.entries(map.tools);
  if (tools.length === 0) return ['tools: at least one tool is needed'];
  if (tools.length > toolsMax) return [`tools: at most ${toolsMax} tools are read`];
  const problems: string[] = [];
  const toolOf = new Map<string, string>();
  for (const [name, tool] of tools) {
    const other = toolOf.get(tool.action);
    if (other !== undefined) problems.push(`tools.${name}.action: ${tool.action} is already the action of ${other}`);
    toolOf.set(tool.action, name);
  }
  for (const [name, tool] of tools) {
    const unknown = [...defsUsed(tool.parameters, map.$defs)].filter((def) => !Object.hasOwn(map.$defs, def));
    problems.push(...unknown.map((def) => `tools.${name}.parameters: there is no $defs.${def}`));
    if (unknown.length === 0) problems.push(...classificationGaps(actionTypeOf(map, tool)).map((gap) => `tools.${name}: ${gap.text}`));
    const undo = tool.classification.compensation?.action;
    if (undo !== undefined && !toolOf.has(undo) && !Object.hasOwn(map.compensations, undo))
      problems.push(`tools.${name}.classification.compensation: ${undo} is neither the action of a tool nor named under compensations`);
  }
  return problems;
}

/** actionTypeOf is the action type a tool is registered as: approved, its parameter schema carrying the `$defs` it uses. */
export function actionTypeOf(map: ReplayMap, tool: MappedTool): ActionType {
  const used = [...defsUsed(tool.parameters, map.$defs)].sort();
  const $defs = Object.fromEntries(used.map((name) => [name, map.$defs[name]]));
  return {
    name: tool.action,
    title: tool.title,
    ...(tool.sentence === undefined ? {} : { sentence: tool.sentence }),
    system: map.system.id,
    version: 1,
    status: 'approved',
    parameters: used.length === 0 ? tool.parameters : { ...tool.parameters, $defs },
    classification: tool.classification,
  };
}

const localReference = /^#\/\$defs\/([A-Za-z0-9_]{1,64})$/;

/** Names of the `$defs` a schema uses, and those that these use in turn. */
function defsUsed(schema: unknown, defs: ReplayMap['$defs'], found: Set<string> = new Set()): Set<string> {
  if (typeof schema !== 'object' || schema === null) return found;
  for (const [key, value] of Object.entries(schema)) {
    const name = key === '$ref' && typeof value === 'string' ? localReference.exec(value)?.[1] : undefined;
    if (name === undefined) {
      defsUsed(value, defs, found);
    } else if (!found.has(name)) {
      found.add(name);
      defsUsed(Object.hasOwn(defs, name) ? defs[name] : undefined, defs, found);
    }
  }
  return found;
}
