import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const Port = z.coerce.number().int().min(1).max(65_535);
const PostgresUrl = z.url({ protocol: /^postgres(ql)?$/ });
const HttpUrl = z.url({ protocol: /^https?$/ });
const Path = z.string().min(1);

/** 1: a proxy of ours stands in front and writes x-forwarded-for; unset: whoever connects is the client, whatever they say. */
const TrustProxy = z.enum(['0', '1']).optional();

const Shared = {
  PUBLIC_URL: HttpUrl,
  SECRETS_DIR: Path,
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
};

/** Where checkpoints were handed to, and the verifier key they must be signed with (else the one beside them): what is needed to compare a database with them. */
const Outside = { CHECKPOINT_DIR: Path.optional(), CHECKPOINT_VKEY: z.string().min(1).optional() };

const GatewayEnv = z.object({
  ...Shared,
  DATABASE_URL_GATEWAY: PostgresUrl,
  GATEWAY_HOST: z.string(),
  GATEWAY_PORT: Port,
  TRUST_PROXY: TrustProxy,
  MASTER_KEY_FILE: Path,
  ...Outside,
});
type GatewayEnv = z.infer<typeof GatewayEnv>;

const WebEnv = z.object({
  ...Shared,
  DATABASE_URL_WEB: PostgresUrl,
  GATEWAY_URL: HttpUrl,
  NEXTAUTH_URL: HttpUrl,
  NEXTAUTH_SECRET: z.string().min(32),
  TRUST_PROXY: TrustProxy,
  MASTER_KEY_FILE: Path,
});
type WebEnv = z.infer<typeof WebEnv>;

const JobsEnv = z.object({
  ...Shared,
  DATABASE_URL_WEB: PostgresUrl,
  MASTER_KEY_FILE: Path,
  CHECKPOINT_DIR: Path,
  CHECKPOINT_KEY_FILE: Path,
});
type JobsEnv = z.infer<typeof JobsEnv>;

const OwnerEnv = z.object({
  ...Shared,
  DATABASE_URL_OWNER: PostgresUrl,
  DATABASE_URL_SUPERUSER: PostgresUrl.optional(),
  GATEWAY_URL: HttpUrl,
  MASTER_KEY_FILE: Path,
  CHECKPOINT_DIR: Path,
  CHECKPOINT_KEY_FILE: Path,
});
type OwnerEnv = z.infer<typeof OwnerEnv>;

const OutsideEnv = z.object({ DATABASE_URL_WEB: PostgresUrl, ...Outside, CHECKPOINT_DIR: Path });
type OutsideEnv = z.infer<typeof OutsideEnv>;

const SealingEnv = z.object({ MASTER_KEY_FILE: Path });
type SealingEnv = z.infer<typeof SealingEnv>;

const ProcessEnv = z.object({
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  NODE_ENV: z.string().default('production'),
});

type Variables = Readonly<Record<string, string | undefined>>;

/** dataDir is the folder of this installation's state: COUNTERSIGN_DATA_DIR, else `.data` beside package.json. */
export function dataDir(): string {
  // The comment keeps Next's bundler from taking the data folder for assets of the app.
  return path.resolve(/* turbopackIgnore: true */ process.cwd(), process.env['COUNTERSIGN_DATA_DIR'] || '.data');
}

/** savedEnvFile is where `npm start` keeps (0600) what it gave the processes, so that scripts reach the same system. */
export function savedEnvFile(): string {
  return path.join(dataDir(), 'secrets', 'env.json');
}

function given(): Variables {
  return Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''));
}

function saved(): Variables {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(savedEnvFile(), 'utf8')));
  } catch {
    return {};
  }
}

/** A process that was started with its whole group of variables never looks at the file. */
function read<Shape extends z.ZodType>(shape: Shape): z.infer<Shape> {
  const direct = shape.safeParse(given());
  if (direct.success) return direct.data;
  const merged = shape.safeParse({ ...saved(), ...given() });
  if (merged.success) return merged.data;
  const problems = merged.error.issues.map((issue) => `${issue.path.join('.')} (${issue.message})`);
  throw new Error(`Countersign is not configured here: ${problems.join(', ')}. Run "npm start" once, or set these variables.`);
}

/** gatewayEnv is what the agent plane needs; throws one sentence naming each missing variable. */
export const gatewayEnv = (): GatewayEnv => read(GatewayEnv);
/** webEnv is what the people plane needs; throws one sentence naming each missing variable. */
export const webEnv = (): WebEnv => read(WebEnv);
/** jobsEnv is what the jobs process needs; throws one sentence naming each missing variable. */
export const jobsEnv = (): JobsEnv => read(JobsEnv);
/** ownerEnv is what migrations, the seed and operators' scripts need; throws one sentence naming each missing variable. */
export const ownerEnv = (): OwnerEnv => read(OwnerEnv);
/** outsideEnv is what comparing the database with what was handed outside needs, at the command line. */
export const outsideEnv = (): OutsideEnv => read(OutsideEnv);
/** sealingEnv is what encrypting and decrypting side rows needs, in whichever process. */
export const sealingEnv = (): SealingEnv => read(SealingEnv);
/** processEnv is what every process has, with defaults; never throws for an unset variable. */
export const processEnv = (): z.infer<typeof ProcessEnv> => ProcessEnv.parse(given());
