import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Email } from '@/lib/people/schema';

export const usage =
  'npm run replay -- FILE.jsonl --map MAP.yaml [--decide approve|reject|ask] [--as EMAIL] [--agent ID] [--gateway URL] [--limit N] [--resume ID] [--json]';

/** ReplayId names one replay: what its idempotency keys and tasks are made of. */
export const ReplayId = z.string().regex(/^[0-9a-f]{16}$/, 'is the id a replay prints when it begins');

/**
 * ReplayOptions are the command's. `decide`: who answers the requests that wait, a person in the console (`ask`) or the person named by `as`
 * (else the owner of the map's process) here and now. `resume` goes on with a replay that was cut off.
 */
export const ReplayOptions = z.strictObject({
  file: z.string().min(1),
  map: z.string({ error: 'is needed' }).min(1),
  decide: z.enum(['approve', 'reject', 'ask']).default('ask'),
  as: Email.optional(),
  agent: z
    .string()
    .regex(/^agt_[0-9a-z_]{1,40}$/, 'is an id such as agt_airline')
    .optional(),
  gateway: z.url({ protocol: /^https?$/ }).optional(),
  limit: z.coerce.number().int().min(1).optional(),
  resume: ReplayId.optional(),
  json: z.boolean().default(false),
});
export type ReplayOptions = z.infer<typeof ReplayOptions>;

/** parseOptions reads the command line, or says in one sentence what is wrong with it. */
export function parseOptions(args: string[]): { ok: true; options: ReplayOptions } | { ok: false; problem: string } {
  let given: { values: Record<string, string | boolean | undefined>; positionals: string[] };
  try {
    given = parseArgs({
      args,
      allowPositionals: true,
      strict: true,
      options: {
        map: { type: 'string' },
        decide: { type: 'string' },
        as: { type: 'string' },
        agent: { type: 'string' },
        gateway: { type: 'string' },
        limit: { type: 'string' },
        resume: { type: 'string' },
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : 'the options cannot be read' };
  }
  const [file, ...others] = given.positionals;
  if (file === undefined) return { ok: false, problem: 'which recording? Give one file of JSON lines.' };
  if (others.length > 0) return { ok: false, problem: `one recording at a time; ${others[0]} is one too many.` };
  const parsed = ReplayOptions.safeParse({ ...given.values, file });
  if (parsed.success) return { ok: true, options: parsed.data };
  const [issue] = parsed.error.issues;
  return { ok: false, problem: `--${issue?.path.join('.')}: ${issue?.message}` };
}

/** resumeCommand is what goes on with a replay that was cut off: the same options, and its id. */
export function resumeCommand(options: ReplayOptions, id: string): string {
  const { file, map, decide, as, agent, gateway, limit, json } = options;
  const named = Object.entries({ map, decide, as, agent, gateway, limit, resume: id }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${quoted(String(value))}`],
  );
  return ['npm run replay --', quoted(file), ...named, ...(json ? ['--json'] : [])].join(' ');
}

const quoted = (text: string): string => (/^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
