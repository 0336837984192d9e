import { ownerEnv } from '@/lib/platform/env';
import { door } from '@/scripts/doors/door';

/** `npm run --silent db:url`: the owner's URL of the running system's database; `-- --superuser` for the embedded server's. */
await door(() => {
  const environment = ownerEnv();
  if (!process.argv.includes('--superuser')) return environment.DATABASE_URL_OWNER;
  const url = environment.DATABASE_URL_SUPERUSER;
  if (!url) throw new Error('There is a superuser URL only for the embedded PostgreSQL, and this system uses DATABASE_URL.');
  return url;
});
