import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { defineConfig } from 'prisma/config';
import { ownerEnv } from './lib/platform/env';

// Prisma's own engine is used where npm could fetch it; elsewhere the stand-in that works without a network.
const require = createRequire(import.meta.url);
const engines = path.dirname(createRequire(require.resolve('prisma/package.json')).resolve('@prisma/engines/package.json'));
const hasEngine = readdirSync(engines).some((file) => file.startsWith('schema-engine-'));
if (!hasEngine) process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= path.resolve('scripts/schema-engine.mjs');

/** Generating needs no database, so its address may be missing. */
function ownerUrl(): string | undefined {
  try {
    return ownerEnv().DATABASE_URL_OWNER;
  } catch {
    return undefined;
  }
}

const url = ownerUrl();

export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
  ...(url ? { datasource: { url } } : {}),
});
