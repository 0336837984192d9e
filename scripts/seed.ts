import path from 'node:path';
import { isStory, stories } from '@/prisma/seed/stories';
import { ensureGenerated } from '@/scripts/build/build';
import { environmentOf, passwordsOf } from '@/scripts/start/config';
import { openEmbedded, openExternal } from '@/scripts/start/database';
import { openHome, takeLock } from '@/scripts/start/home.mjs';
import { Refusal } from '@/scripts/start/refusal.mjs';
import { keepPlace, makeSample } from '@/scripts/start/sample';

const usage = `npm run seed -- STORY     make a story the sample of this installation, in the place of the one before; "npm start" then shows it
${Object.entries(stories)
  .map(([name, { title }]) => `  ${name.padEnd(20)} ${title}`)
  .join('\n')}`;
const lockWaitMs = 1_000;

async function seed(story: string): Promise<void> {
  const root = process.cwd();
  const given = { ...process.env };
  const external = given['DATABASE_URL'];
  const home = openHome(root, path.resolve(given['COUNTERSIGN_DATA_DIR'] || '.data'), !external);
  const lock = await takeLock(path.join(home, 'lock'), lockWaitMs, `Countersign is running on ${home}`);
  process.once('exit', lock.release);
  await ensureGenerated(root);
  const database = external ? await openExternal(home, external, given) : await openEmbedded(root, home);
  try {
    const where = {
      home,
      host: given['HOST'] || '127.0.0.1',
      ports: { web: Number(given['PORT'] || 3000), gateway: Number(given['GATEWAY_PORT'] || 4000) },
    };
    const environment = environmentOf(where, database.urls, passwordsOf(home), given);
    const loaded = await makeSample({ root, home, own: database.urls, environment, story, say: console.log });
    keepPlace(home, 'sample');
    console.log(`${story}: ${loaded.decisions.toLocaleString('en')} decisions. "npm start${external ? ' -- --sample' : ''}" shows it;`);
    console.log(`sign in as ${loaded.signIn.email} / ${loaded.signIn.password}`);
    for (const { path: page, why } of loaded.links) console.log(`  ${environment['PUBLIC_URL']}${page}  ${why}`);
  } finally {
    await database.embedded?.server.stop();
  }
}

const [story = '--help'] = process.argv.slice(2);
if (!isStory(story)) {
  console.log(usage);
  process.exitCode = story === '--help' ? 0 : 1;
} else {
  await seed(story).catch((error: unknown) => {
    console.error(error instanceof Refusal || error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
}
