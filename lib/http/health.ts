import { prisma } from '@/lib/platform/db/prisma';
import { readMigrations } from '@/lib/platform/db/migrate';

/** A database that does not answer in this time is not there. */
export const readyTimeoutMs = 1_000;

export type Readiness = { ready: true } | { ready: false; why: 'DATABASE_UNREACHABLE' | 'MIGRATIONS_MISSING' };

async function finishedMigrations(): Promise<Set<string>> {
  const rows = await prisma().$queryRaw<{ name: string }[]>`
    SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  return new Set(rows.map((row) => row.name));
}

/** readiness asks whether this process can serve people now: the database answers within a second and has every migration of this version. */
export async function readiness(): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), readyTimeoutMs);
  });
  try {
    const finished = await Promise.race([finishedMigrations(), timeout]);
    return readMigrations().every((migration) => finished.has(migration.name))
      ? { ready: true }
      : { ready: false, why: 'MIGRATIONS_MISSING' };
  } catch {
    return { ready: false, why: 'DATABASE_UNREACHABLE' };
  } finally {
    clearTimeout(timer);
  }
}
