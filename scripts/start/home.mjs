import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { identityOf } from './process.mjs';
import { Refusal } from './refusal.mjs';

const marker = '.countersign';
const nobody = 65_534;
const systemHomes = '/var/lib/countersign';

/**
 * openHome answers the real path of the data folder, made and marked as ours on first use. As root, where PostgreSQL's
 * user cannot enter it (a 0700 parent), the folder is made under /var/lib/countersign and linked from its usual place.
 * @param {string} root repository
 * @param {string} wanted the usual place
 * @param {boolean} embedded whether PostgreSQL will live in it
 * @returns {string}
 */
export function openHome(root, wanted, embedded) {
  try {
    if (embedded && process.getuid?.() === 0) moveOutOfClosedFolder(root, wanted);
    if (!existsSync(wanted)) mkdirSync(wanted, { recursive: true, mode: 0o755 });
    const home = realpathSync(wanted);
    if (!statSync(home).isDirectory())
      throw new Refusal(`The data folder ${wanted} is not a folder; move it away or set COUNTERSIGN_DATA_DIR.`);
    for (const folder of [home, path.join(home, 'secrets'), path.join(home, 'postgres')]) {
      if (existsSync(folder)) accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    }
    claim(home);
    for (const [name, mode] of /** @type {const} */ ([
      ['secrets', 0o700],
      ['checkpoints', 0o755],
      ['logs', 0o755],
    ])) {
      mkdirSync(path.join(home, name), { recursive: true, mode });
    }
    return home;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(
      `The data folder ${wanted} cannot be used by this user (${error instanceof Error ? error.message : error}); change its owner or set COUNTERSIGN_DATA_DIR.`,
    );
  }
}

/** @param {string} home */
function claim(home) {
  const file = path.join(home, marker);
  if (existsSync(file)) return;
  const others = readdirSync(home);
  if (others.length > 0)
    throw new Refusal(
      `The data folder ${home} holds files that are not Countersign's (${others.slice(0, 3).join(', ')}); choose an empty one with COUNTERSIGN_DATA_DIR.`,
    );
  writeFileSync(file, 'This folder belongs to Countersign. "npm start -- --reset" deletes what is in it.\n');
}

/**
 * @param {string} root
 * @param {string} wanted
 */
function moveOutOfClosedFolder(root, wanted) {
  const present = lstatSync(wanted, { throwIfNoEntry: false });
  if (present?.isSymbolicLink() && !existsSync(wanted)) rmSync(wanted);
  const parent = path.dirname(wanted);
  if (!existsSync(parent)) mkdirSync(parent, { recursive: true });
  const probe = realpathSync(existsSync(wanted) ? wanted : parent);
  // A folder some ordinary user made is served by that user's own PostgreSQL.
  const cluster = statSync(path.join(wanted, 'postgres'), { throwIfNoEntry: false });
  if (!statSync(probe).isDirectory() || canEnter(probe, cluster?.uid || nobody)) return;
  if (existsSync(wanted)) {
    const readable = (statSync(wanted).mode & 0o700) === 0o700;
    if (!readable || readdirSync(wanted).length > 0)
      throw new Refusal(
        `The data folder ${wanted} cannot be entered by user ${nobody}, who runs PostgreSQL when you are root; open it and the folders above it (chmod o+x), or set COUNTERSIGN_DATA_DIR.`,
      );
    rmSync(wanted, { recursive: true });
  }
  // The birth time tells a fresh clone from an older one at the same path, whose data it must not show.
  const key = createHash('sha256')
    .update(`${root}:${statSync(root).birthtimeMs}`)
    .digest('hex')
    .slice(0, 16);
  const target = path.join(systemHomes, key);
  mkdirSync(target, { recursive: true, mode: 0o755 });
  for (const folder of [systemHomes, target]) chmodSync(folder, 0o755);
  symlinkSync(target, wanted);
}

/**
 * @param {string} folder
 * @param {number} uid
 */
function canEnter(folder, uid) {
  return spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { uid, gid: uid, cwd: '/' }).status === 0;
}

/**
 * takeLock makes this process the only one that uses the folder; `stale` says that the last one ended without stopping.
 * @param {string} file
 * @param {number} waitMs how long to wait for a holder that is going
 * @param {string} doing how a refusal names the other process
 * @returns {Promise<{ release: () => void, stale: boolean }>}
 */
export async function takeLock(file, waitMs, doing) {
  const mine = JSON.stringify({ pid: process.pid, identity: identityOf(process.pid) });
  const deadline = Date.now() + waitMs;
  let stale = false;
  for (;;) {
    try {
      writeFileSync(file, mine, { flag: 'wx', mode: 0o600 });
      return { stale, release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'EEXIST') throw error;
    }
    const holder = readHolder(file);
    if (holder === undefined || identityOf(holder.pid) !== holder.identity) {
      stale = clearStale(file, holder) || stale;
    } else if (Date.now() > deadline) {
      throw new Refusal(`${doing} (process ${holder.pid}); stop it first.`);
    } else {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/**
 * @param {string} file
 * @returns {{ pid: number, identity: string } | undefined}
 */
function readHolder(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Moves the dead lock aside and looks at what was moved: another start may have replaced it in between.
 * @param {string} file
 * @param {{ pid: number } | undefined} expected
 */
function clearStale(file, expected) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return false;
  }
  const moved = readHolder(aside);
  if (moved?.pid !== expected?.pid) {
    renameSync(aside, file);
    return false;
  }
  rmSync(aside, { force: true });
  return true;
}

/**
 * emptyHome deletes what is in the data folder, and only if it carries our mark.
 * @param {string} home
 */
export function emptyHome(home) {
  if (!existsSync(path.join(home, marker)))
    throw new Refusal(`${home} does not carry Countersign's mark (${marker}), so nothing in it was deleted.`);
  for (const name of readdirSync(home)) {
    if (name !== marker && name !== 'lock') rmSync(path.join(home, name), { recursive: true, force: true });
  }
}
