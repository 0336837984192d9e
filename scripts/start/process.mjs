import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * identityOf tells one process from a later one that got the same number; undefined when it is not running.
 * @param {number} pid
 * @returns {string | undefined}
 */
export function identityOf(pid) {
  try {
    if (process.platform !== 'linux')
      return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() || undefined;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const startTicks = rest[18];
    return state === 'Z' ? undefined : `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${startTicks}`;
  } catch {
    return undefined;
  }
}

/**
 * commandOf is the command line of a running process, or '' when it cannot be read.
 * @param {number} pid
 * @returns {string}
 */
export function commandOf(pid) {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  } catch {
    return '';
  }
}

/**
 * waitForEnd waits until the process has ended; false when it still runs after the time.
 * @param {number} pid
 * @param {number} timeoutMs
 * @returns {Promise<boolean>}
 */
export async function waitForEnd(pid, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  while (identityOf(pid) !== undefined) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return true;
}

/**
 * leash ends `pid` when this process dies, even by kill -9: a small shell waits for its standard input to close.
 * Call the answer once the process has ended by itself, so that a later process with its number is left alone.
 * @param {number} pid
 * @param {{ signal: 'TERM' | 'INT' | 'QUIT', graceSeconds: number, thenRemove?: string }} how
 * @returns {() => void}
 */
export function leash(pid, how) {
  const script =
    'read _; kill -$1 $0 2>/dev/null; i=0; while kill -0 $0 2>/dev/null && [ $i -lt $2 ]; do sleep 1; i=$((i+1)); done; kill -KILL $0 2>/dev/null; [ -z "$3" ] || rm -rf "$3"';
  const shell = spawn('/bin/sh', ['-c', script, String(pid), how.signal, String(how.graceSeconds), how.thenRemove ?? ''], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.on('error', () => undefined);
  shell.unref();
  return () => shell.kill('SIGKILL');
}
