import { ownerEnv } from '@/lib/platform/env';
import { migrateDatabase } from '@/lib/platform/db/setup';
import { door } from '@/scripts/doors/door';

/** `npm run migrate`: brings the running system's database to this version, as its owner. */
await door(async () => {
  const { applied, already } = await migrateDatabase(ownerEnv().DATABASE_URL_OWNER);
  return applied.length > 0 ? applied.map((name) => `applied ${name}`).join('\n') : `up to date, ${already} migrations`;
});
