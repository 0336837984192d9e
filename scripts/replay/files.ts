import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CommandFailure } from './failure';

/** Largest recording read. */
export const recordingBytesMax = 256 * 1024 * 1024;

/** readNamed reads a file the command names: relative to where it was typed (npm runs scripts in the package's folder), else to the package. */
export function readNamed(name: string, what: string): string {
  const file = [process.env['INIT_CWD'] ?? '.', '.'].map((folder) => path.resolve(folder, name)).find(existsSync);
  if (file === undefined) throw new CommandFailure(`${what} ${name} is not there.`);
  const { size } = statSync(file);
  if (size > recordingBytesMax) throw new CommandFailure(`${what} ${name} is larger than ${recordingBytesMax} bytes.`);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CommandFailure(`${what} ${name} cannot be read: ${error instanceof Error ? error.message : 'unknown'}.`);
  }
}
