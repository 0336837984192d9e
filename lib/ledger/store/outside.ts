import { createPrivateKey, randomBytes, type KeyObject } from 'node:crypto';
import { access, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

const keyFileName = 'checkpoint.vkey';
const abandonmentFileName = 'resumption.txt';
const dayName = /^\d{4}-\d{2}-\d{2}$/;
const branchName = /^resumed-([1-9]\d{0,5})$/;
const checkpointName = /^\d{20}\.txt$/;

/** What a file of the directory says; `note` is read and not yet believed. `at` is when it was written, as far as the file system knows. */
export type OutsideNote = { file: string; note: string; at: Date };
/** A folder of checkpoints: number 0 is the directory itself, each later one holds what was signed after a resumption, and says so in `note`. */
export type OutsideFolder = { number: number; folder: string; note: string | undefined };

/** readPrivateKey reads a private key from a PEM file. */
export async function readPrivateKey(file: string): Promise<KeyObject> {
  return createPrivateKey(await readFile(file));
}

/** publishKey keeps the verifier key in the directory, made on first use; false when another key's is there already. */
export async function publishKey(directory: string, text: string): Promise<boolean> {
  await mkdir(directory, { recursive: true, mode: 0o755 });
  return (await writeOnce(directory, keyFileName, `${text}\n`)) !== 'differs';
}

/** readPublishedKey is the text of the directory's verifier key; undefined when there is none. */
export async function readPublishedKey(directory: string): Promise<string | undefined> {
  return readFile(path.join(directory, keyFileName), 'utf8').catch(ifMissing);
}

/** isThere tells whether the directory can be listed; throws when it is there and cannot. */
export async function isThere(directory: string): Promise<boolean> {
  return (await readdir(directory).catch(ifMissing)) !== undefined;
}

/** listFolders lists the directory and the folders of later histories in it, by number; a directory that is not there holds none. */
export async function listFolders(directory: string): Promise<OutsideFolder[]> {
  const names = (await readdir(directory).catch(ifMissing)) ?? [];
  const numbers = names.flatMap((name) => branchName.exec(name)?.[1] ?? []).map(Number);
  const later = numbers
    .sort((a, b) => a - b)
    .map(async (number) => {
      const folder = folderOf(directory, number);
      return { number, folder, note: await readFile(path.join(folder, abandonmentFileName), 'utf8').catch(ifMissing) };
    });
  return [{ number: 0, folder: directory, note: undefined }, ...(await Promise.all(later))];
}

/** folderOf names the folder of a history: the directory itself, or `resumed-<number>` in it. */
export const folderOf = (directory: string, number: number): string =>
  number === 0 ? directory : path.join(directory, `resumed-${number}`);

/** newestNote finds the largest checkpoint of a folder; undefined when it holds none or does not exist. */
export async function newestNote(folder: string): Promise<OutsideNote | undefined> {
  for (const day of (await daysOf(folder)).reverse()) {
    const newest = largest(await namesOf(folder, day));
    if (newest !== undefined) return readNote(folder, day, newest);
  }
  return undefined;
}

/** listDayEnds lists the days of a folder, oldest first, each with the largest size signed on it, up to `upTo`; a day without one is left out. */
export async function listDayEnds(folder: string, upTo: bigint): Promise<{ day: string; size: bigint }[]> {
  const ends: { day: string; size: bigint }[] = [];
  for (const day of await daysOf(folder)) {
    const name = largest((await namesOf(folder, day)).filter((one) => sizeOf(one) <= upTo));
    if (name !== undefined) ends.push({ day, size: sizeOf(name) });
  }
  return ends;
}

/** listSizes lists the sizes signed on one day, smallest first. */
export async function listSizes(folder: string, day: string): Promise<bigint[]> {
  return (await namesOf(folder, day)).sort().map(sizeOf);
}

/** readNoteOf reads the checkpoint of one size; undefined when it is gone. */
export async function readNoteOf(folder: string, day: string, size: bigint): Promise<OutsideNote | undefined> {
  return readNote(folder, day, `${size.toString().padStart(20, '0')}.txt`).catch(ifMissing);
}

/** keepNote writes one checkpoint below the day of its signing (UTC), durably, before it answers. What stands there already is never overwritten: `differs` means it says otherwise. */
export async function keepNote(folder: string, name: string, note: string, now: Date): Promise<'written' | 'same' | 'differs'> {
  const today = now.toISOString().slice(0, 10);
  const newestDay = (await daysOf(folder)).at(-1) ?? today;
  // A clock that was set back must not hide the newest checkpoint in an older folder.
  return writeOnce(folder, path.join(today > newestDay ? today : newestDay, name), note);
}

/** keepAbandonment writes what a later history began with into its folder, made on first use, under the same promise as keepNote. */
export async function keepAbandonment(folder: string, note: string): Promise<'written' | 'same' | 'differs'> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const kept = await writeOnce(folder, abandonmentFileName, note);
  await syncFolder(path.dirname(folder));
  return kept;
}

const sizeOf = (name: string): bigint => BigInt(name.slice(0, -'.txt'.length));

// Names sort as sizes do; a day under load holds tens of thousands.
const largest = (names: readonly string[]): string | undefined =>
  names.reduce<string | undefined>((found, name) => (found === undefined || name > found ? name : found), undefined);

async function namesOf(folder: string, day: string): Promise<string[]> {
  return (await readdir(path.join(folder, day))).filter((name) => checkpointName.test(name));
}

async function readNote(folder: string, day: string, name: string): Promise<OutsideNote> {
  const file = path.join(folder, day, name);
  const [note, { mtime }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
  return { file, note, at: mtime };
}

async function daysOf(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(ifMissing)) ?? [];
  return names.filter((name) => dayName.test(name)).sort();
}

async function writeOnce(directory: string, name: string, content: string): Promise<'written' | 'same' | 'differs'> {
  const file = path.join(directory, name);
  const folder = path.dirname(file);
  const present = await readFile(file, 'utf8').catch(ifMissing);
  if (present !== undefined) return present === content ? 'same' : 'differs';
  const isNew = await access(folder).then(
    () => false,
    () => true,
  );
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const unfinished = path.join(folder, `.${path.basename(name)}.${randomBytes(6).toString('hex')}`);
  try {
    await writeThrough(unfinished, content);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  await syncFolder(folder);
  if (isNew) await syncFolder(path.dirname(folder));
  return 'written';
}

async function writeThrough(file: string, content: string): Promise<void> {
  const handle = await open(file, 'wx', 0o644);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems refuse to sync a folder; the file itself is on disk.
    if (!isCode(error, 'EINVAL') && !isCode(error, 'EPERM')) throw error;
  } finally {
    await handle.close();
  }
}

const isCode = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code;

function ifMissing(error: unknown): undefined {
  if (!isCode(error, 'ENOENT')) throw error;
  return undefined;
}
