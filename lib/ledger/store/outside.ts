import { createPrivateKey, randomBytes, type KeyObject } from 'node:crypto';
import { access, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';

const keyFileName = 'checkpoint.vkey';
const dayName = /^\d{4}-\d{2}-\d{2}$/;
const checkpointName = /^\d{20}\.txt$/;

/** What the newest file of the directory says; `note` is read and not yet believed. */
export type OutsideNote = { file: string; note: string };

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

/** newestNote finds the largest checkpoint of a directory; undefined when it holds none or does not exist. */
export async function newestNote(directory: string): Promise<OutsideNote | undefined> {
  for (const day of await daysOf(directory)) {
    const names = (await readdir(path.join(directory, day))).filter((name) => checkpointName.test(name));
    const newest = names.sort().at(-1);
    if (newest === undefined) continue;
    const file = path.join(directory, day, newest);
    return { file, note: await readFile(file, 'utf8') };
  }
  return undefined;
}

/** keepNote writes one checkpoint below the day of its signing (UTC), durably, before it answers. What stands there already is never overwritten: `differs` means it says otherwise. */
export async function keepNote(directory: string, name: string, note: string, now: Date): Promise<'written' | 'same' | 'differs'> {
  const today = now.toISOString().slice(0, 10);
  const [newestDay = today] = await daysOf(directory);
  // A clock that was set back must not hide the newest checkpoint in an older folder.
  return writeOnce(directory, path.join(today > newestDay ? today : newestDay, name), note);
}

async function daysOf(directory: string): Promise<string[]> {
  const names = (await readdir(directory).catch(ifMissing)) ?? [];
  return names
    .filter((name) => dayName.test(name))
    .sort()
    .reverse();
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
