import { closeClients, newClient, withClient } from '@/lib/platform/db';
import { environmentOf, isLoopback, passwordsOf, saveEnvironment, type Urls, type Where } from '@/scripts/start/config';
import { migrateAndTell } from '@/scripts/start/database';
import { claimLink, keepHash } from '@/scripts/start/first-admin';
import {
  dropSample,
  hasPeople,
  hasSample,
  keepPlace,
  keptPlace,
  makeFolders,
  makeSample,
  sampleCheckpoints,
  sampleUrls,
  type Place,
} from '@/scripts/start/sample';
import type { SignIn } from '@/scripts/start/welcome';

type Variables = Readonly<Record<string, string | undefined>>;
export type Wish = { empty: boolean; sample: boolean };
/** How people get in: as somebody of the sample, as the first administrator, or as who they are. */
export type Door = { signIn?: SignIn | undefined; claim?: string | undefined };

const lookEveryMs = 1_000;

/** Organisation is what the start command knows of the installation's two databases: its own, and the sample's beside it. */
export class Organisation {
  private constructor(
    private readonly where: Where & { root: string },
    private readonly own: Urls,
    private readonly given: Variables,
    private placed: Place,
  ) {}

  /**
   * choose says which database this start uses: what was asked for, else what the last start used, else the sample; but never the sample beside a
   * database that people live in already, nor with DATABASE_URL unless it is asked for.
   */
  static async choose(where: Where & { root: string }, own: Urls, given: Variables, wish: Wish): Promise<Organisation> {
    const kept = keptPlace(where.home);
    const place = async (): Promise<Place> => {
      if (wish.empty) return 'own';
      if (wish.sample) return 'sample';
      if (kept !== undefined && !(kept === 'sample' && given['DATABASE_URL'] !== undefined)) return kept;
      return given['DATABASE_URL'] !== undefined || (await hasPeople(own.owner)) ? 'own' : 'sample';
    };
    const organisation = new Organisation(where, own, given, await place());
    if (organisation.isSample && (await hasSample(own)) && (await organisation.wantsToLeave())) await organisation.leave();
    keepPlace(where.home, organisation.placed);
    return organisation;
  }

  get isSample(): boolean {
    return this.placed === 'sample';
  }

  get urls(): Urls {
    return this.isSample ? sampleUrls(this.own) : this.own;
  }

  /** environment is what every process is told, and what is kept for the scripts. */
  environment(): Record<string, string> {
    const plain = environmentOf(this.where, this.urls, passwordsOf(this.where.home), this.given);
    const checkpoints = plain['CHECKPOINT_DIR'] ?? '';
    if (this.isSample) makeFolders(checkpoints);
    const environment = this.isSample ? { ...plain, CHECKPOINT_DIR: sampleCheckpoints(checkpoints) } : plain;
    saveEnvironment(this.where.home, environment);
    Object.assign(process.env, environment);
    return environment;
  }

  /** migrate brings what is there to this version and says what it did. */
  async migrate(): Promise<string> {
    if (this.isSample && !(await hasSample(this.own))) return 'made with the sample';
    return migrateAndTell(this.urls);
  }

  /** fill makes the sample where it is missing; in an installation of one's own, what its first administrator needs. */
  async fill(say: (line: string) => void): Promise<{ told: string; door: Door }> {
    const shown = isLoopback(this.where.host);
    if (!this.isSample) return { told: 'your own', door: await this.openOwn(shown) };
    const plain = environmentOf(this.where, this.own, passwordsOf(this.where.home), this.given);
    const there = await hasSample(this.own);
    const { root, home } = this.where;
    const story = this.given['SAMPLE_STORY'] || 'organisation';
    if (!there) await makeSample({ root, home, own: this.own, environment: plain, story, say });
    const { samplePassword } = await import('@/prisma/seed');
    // The sample's password is for trying things on one's own machine: a server others can reach never shows it.
    const signIn = shown ? samplePassword() : undefined;
    return { told: there ? 'the sample organisation' : 'the sample organisation was made', door: { signIn } };
  }

  private async openOwn(shown: boolean): Promise<Door> {
    const { ensureSigningKey, samplePassword } = await import('@/prisma/seed');
    await ensureSigningKey().finally(closeClients);
    const claim = await claimLink(this.own.owner, this.environment()['PUBLIC_URL'] ?? '');
    // An installation from before the sample had a database of its own.
    const old = claim === undefined && shown && !(await hasSample(this.own));
    return { claim, ...(old ? { signIn: samplePassword() } : {}) };
  }

  private async wantsToLeave(): Promise<boolean> {
    return withClient(this.urls.owner, async (client) => (await client.query(leaveSql)).rows.length > 0);
  }

  /** whenLeft calls back once an administrator has asked to leave the sample. Answers how to stop looking. */
  whenLeft(leave: () => void): () => void {
    if (!this.isSample) return () => undefined;
    const options = { application: 'countersign-start', connectTimeoutMs: 2_000, settings: '' };
    const connect = () => {
      const client = newClient(this.urls.owner, options);
      client.on('error', () => undefined);
      return { client, ready: client.connect().then(() => undefined) };
    };
    let current: ReturnType<typeof connect> | undefined;
    let timer: NodeJS.Timeout | undefined;
    let over = false;
    const stop = () => {
      over = true;
      clearTimeout(timer);
      void current?.client.end().catch(() => undefined);
    };
    const look = async () => {
      current ??= connect();
      await current.ready;
      return (await current.client.query(leaveSql)).rows.length > 0;
    };
    const tick = () => {
      look()
        // PostgreSQL may be starting again: the next look has a connection of its own.
        .catch(() => {
          void current?.client.end().catch(() => undefined);
          current = undefined;
          return false;
        })
        .then((asked) => {
          if (over) return;
          if (!asked) timer = setTimeout(tick, lookEveryMs).unref();
          else {
            stop();
            leave();
          }
        })
        .catch(() => undefined);
    };
    timer = setTimeout(tick, lookEveryMs).unref();
    return stop;
  }

  /** leave removes the sample and goes to the installation's own database; whoever left it may be its first administrator. */
  async leave(): Promise<void> {
    const hash = await withClient(this.urls.owner, async (client) => {
      const { rows } = await client.query<{ hash: Buffer | null }>('SELECT first_admin_hash AS hash FROM organisation');
      return rows[0]?.hash ?? undefined;
    });
    await migrateAndTell(this.own);
    if (hash) await keepHash(this.own.owner, hash);
    // From here on a start that is cut off goes on in the new place.
    keepPlace(this.where.home, 'own');
    this.placed = 'own';
    const { CHECKPOINT_DIR = '' } = environmentOf(this.where, this.own, passwordsOf(this.where.home), this.given);
    await dropSample(this.where.home, this.own, CHECKPOINT_DIR);
  }

  /** openAfterLeaving prepares the empty installation and answers its variables; the token of whoever left stays good. */
  async openAfterLeaving(): Promise<Record<string, string>> {
    const environment = this.environment();
    const { ensureSigningKey } = await import('@/prisma/seed');
    await ensureSigningKey().finally(closeClients);
    return environment;
  }
}

const leaveSql = 'SELECT 1 FROM organisation WHERE sample AND leave_asked_at IS NOT NULL';
