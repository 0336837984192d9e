import { webEnv, gatewayEnv, ownerEnv } from '@/lib/platform/env';
import { withClient } from '@/lib/platform/db';
import { usePrisma } from '@/lib/platform/db/prisma';
import { clockSettings, DatabaseClock } from '../clock/database';
import { ProcessClock } from '../clock/process';
import { found } from './founding';
import { SampleGateway } from './gateway';
import { planLives, type Cast } from './lives';
import { dayMs, type Credential, type Stage } from './stage';
import { Timeline } from './timeline';

export type HistoryOptions = { cast: Cast; password: string; say?: (line: string) => void };
export type History = { decisions: number; instants: number; credentials: ReadonlyMap<string, Credential> };

/** How much of the work comes, unless a cast says otherwise. */
const usualVolume = 0.93;
/** Months of the ledger that a history may need, from its first. */
const monthsAhead = 8;
const sayEveryDays = 10;

/**
 * loadHistory makes a history that ends now in the empty database of the environment, by the real check, the real writer and people's own use cases,
 * under a clock of its own. Throws, with nothing written, when the ledger has a row; cut off half way, the database is of no use and is made again.
 */
export async function loadHistory({ cast, password, say = () => undefined }: HistoryOptions): Promise<History> {
  const { DATABASE_URL_WEB: webUrl, MASTER_KEY_FILE: masterKeyFile, PUBLIC_URL: issuer } = webEnv();
  const { DATABASE_URL_GATEWAY: gatewayUrl } = gatewayEnv();
  const endMs = Date.now();
  const span = { beginMs: endMs - cast.days * dayMs, endMs };
  return inThePast(span.beginMs, webUrl, async (move) => {
    await found(password);
    const gateway = await SampleGateway.start({ gatewayUrl, webUrl, masterKeyFile, issuer, settings: clockSettings });
    const credentials = new Map<string, Credential>();
    const volume = cast.volume ?? usualVolume;
    try {
      const instants = await live({ ...span, timeline: new Timeline(), volume, credentials, gateway }, cast, move, say);
      return { decisions: gateway.decisions, instants, credentials };
    } finally {
      await gateway.stop();
    }
  });
}

/** Runs work under the clock, in the database and in this process, and takes it out again, whatever happened. */
async function inThePast<Result>(
  beginMs: number,
  webUrl: string,
  work: (move: (at: Date) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const { DATABASE_URL_OWNER: ownerUrl } = ownerEnv();
  const database = await DatabaseClock.open(ownerUrl, new Date(beginMs));
  const held = ProcessClock.hold(new Date(beginMs));
  // People's use cases read the moved clock through the process's one client.
  const giveBack = usePrisma(`${webUrl}?options=${encodeURIComponent(`${clockSettings} -c synchronous_commit=off`)}`);
  try {
    await database.ensureMonths(monthsAhead);
    return await work(async (at) => {
      held.set(at);
      await database.set(at);
    });
  } finally {
    await giveBack();
    held.release();
    await database.close();
    await withClient(ownerUrl, (client) => client.query('ANALYZE'));
  }
}

async function live(stage: Stage, cast: Cast, move: (at: Date) => Promise<void>, say: (line: string) => void): Promise<number> {
  const { timeline, gateway, beginMs, endMs } = stage;
  planLives(stage, cast);
  for (let days = sayEveryDays; beginMs + days * dayMs < endMs; days += sayEveryDays)
    timeline.at(beginMs + days * dayMs, async () => say(`day ${days}: ${gateway.decisions.toLocaleString('en')} decisions`));
  return timeline.run(endMs, move);
}
