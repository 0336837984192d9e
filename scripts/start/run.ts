import path from 'node:path';
import { ensureBuilt, ensureGenerated } from '@/scripts/build/build';
import type { Where } from '@/scripts/start/config';
import { openEmbedded, openExternal, type Database } from '@/scripts/start/database';
import { emptyHome, openHome } from '@/scripts/start/home.mjs';
import { Organisation, type Door } from '@/scripts/start/organisation';
import type { Progress } from '@/scripts/start/progress.mjs';
import { stopOrphan } from '@/scripts/postgres/server';
import { endOrphans, System } from '@/scripts/start/system';
import { welcome } from '@/scripts/start/welcome';

export type RunOptions = Where & { root: string; progress: Progress; flags: Flags };
type Flags = { reset: boolean; dev: boolean; empty: boolean; sample: boolean };

const parentCheckMs = 500;

/** run brings everything up, says how to use it, and answers only when told to stop. */
export async function run(options: RunOptions): Promise<void> {
  const { root, home, progress, flags } = options;
  const given = { ...process.env };
  await endOrphans(home);
  if (flags.reset) await reset(root, home);

  let system: System | undefined;
  let database: Database | undefined;
  let stopping = false;
  const stop = once(async (code: number) => {
    stopping = true;
    if (code === 0) console.log('Stopping …');
    await (system ? system.stop() : database?.embedded?.server.stop());
    if (code === 0) console.log(`Stopped. Your data is kept in ${home}.`);
    else if (system) console.log('Everything was stopped.');
    process.exit(code);
  });
  onAsked(() => void stop(0));

  // Both are wanted by the next steps; whichever is waited for second must not end the process when it fails first.
  const generated = ensureGenerated(root);
  const built = flags.dev ? generated : generated.then(() => ensureBuilt(root));
  built.catch(() => undefined);

  try {
    await progress.step(2, 'PostgreSQL', async () => {
      const externalUrl = given['DATABASE_URL'];
      database = externalUrl ? await openExternal(home, externalUrl, given) : await openEmbedded(root, home);
      return `${database.version} ${externalUrl ? 'of DATABASE_URL' : database.embedded?.recovered ? 'ready, after an unclean end' : 'ready'}`;
    });
    if (!database) return;
    const opened: Database = database;
    const organisation = await Organisation.choose(options, opened.urls, given, flags);
    organisation.environment();
    await progress.step(3, 'Database', () => organisation.migrate());
    await generated;
    let door: Door = {};
    await progress.step(4, 'Organisation', async (say) => {
      const filled = await organisation.fill(say);
      door = filled.door;
      return filled.told;
    });
    const environment = organisation.environment();
    await progress.step(5, 'Build', async (say) => {
      if (flags.dev) return 'not needed, reloading instead';
      const slow = setTimeout(() => say('building the pages and the workers (the first time takes about a minute)'), parentCheckMs);
      return (await built.finally(() => clearTimeout(slow))) === 'built' ? 'done' : 'nothing changed';
    });
    const report = (line: string) => console.log(`>> ${line}`);
    const failed = (why: string) => {
      console.error(`${why}.`);
      void stop(1);
    };
    const running = new System({
      root,
      home,
      mode: flags.dev ? 'dev' : 'built',
      environment,
      database: { ...opened, urls: organisation.urls },
      report,
      log: console.log,
      failed,
      supervise: true,
    });
    system = running;
    await progress.step(6, 'Services', async () => {
      await running.start();
      return 'gateway, web and jobs are ready';
    });
    const { signIn, claim } = door;
    const { isSample } = organisation;
    console.log(welcome({ root, home, environment, embedded: opened.embedded !== undefined, signIn, claim, sample: isSample }));
    organisation.whenLeft(() => void leaveSample(organisation, running, report).catch((error: unknown) => failed(describe(error))));
  } catch (error) {
    // What fails because everything is being stopped is not news.
    if (!stopping) console.error(error instanceof Error ? error.message : error);
    await stop(1);
  }
}

/** The three processes end, the sample goes, and they start on the installation's own database. */
async function leaveSample(organisation: Organisation, running: System, report: (line: string) => void): Promise<void> {
  report('An administrator leaves the sample: removing it');
  await running.move(async () => {
    await organisation.leave();
    return organisation.openAfterLeaving();
  });
  report('The sample is gone. Go on in the browser that left it; a new start prints a new link');
}

const describe = (error: unknown): string => `The sample could not be left (${error instanceof Error ? error.message : String(error)})`;

async function reset(root: string, home: string): Promise<void> {
  await stopOrphan(path.join(home, 'postgres'));
  emptyHome(home);
  openHome(root, home, false);
  console.log(`Deleted the data in ${home}${process.env['DATABASE_URL'] ? '; the database of DATABASE_URL was left as it is' : ''}.`);
}

/** Ctrl-C, a stop by the system, a closed terminal; and npm's own end, since npm does not always pass signals on. */
function onAsked(stop: () => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  if (!process.env['npm_lifecycle_event']) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(), parentCheckMs).unref();
}

function once(work: (code: number) => Promise<void>): (code: number) => Promise<void> {
  let running: Promise<void> | undefined;
  return (code) => (running ??= work(code));
}
