import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Refusal } from './refusal.mjs';

const nodeWanted = '20.19';
const tickMs = 10_000;

/** requireNode refuses a Node that is too old, before anything newer than its syntax is loaded. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Refusal(`Countersign needs Node ${nodeWanted} or newer, and this is ${process.versions.node}.`);
}

/**
 * ensureInstalled makes node_modules what package-lock.json says, development tools included; true when it had to.
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Promise<boolean>}
 */
export async function ensureInstalled(root, say) {
  const lockfile = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  const stampFile = path.join(root, 'node_modules', '.countersign-install');
  const stamp = createHash('sha256').update(`${lockfile}${process.platform}${process.arch}${process.versions.modules}`).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false;
  const wanted = packagesOf(lockfile);
  if (!isInstalled(root, wanted)) {
    say(`installing ${wanted.size} packages with npm ci (once)`);
    await npmCi(root, wanted, say);
    writeFileSync(stampFile, stamp);
    return true;
  }
  writeFileSync(stampFile, stamp);
  return false;
}

/**
 * Path → version of every package that is not for another platform only.
 * @param {string} lockfile
 * @returns {Map<string, string>}
 */
function packagesOf(lockfile) {
  /** @type {{ packages: Record<string, { version?: string, optional?: boolean, peer?: boolean, link?: boolean }> }} */
  const parsed = JSON.parse(lockfile);
  const needed = Object.entries(parsed.packages).filter(([name, entry]) => name !== '' && !entry.optional && !entry.link);
  return new Map(needed.map(([name, entry]) => [name, entry.version ?? '']));
}

/**
 * What somebody installed by hand counts when npm's own record of node_modules agrees with the lockfile.
 * @param {string} root
 * @param {Map<string, string>} wanted
 */
function isInstalled(root, wanted) {
  const record = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const present = packagesOf(readFileSync(record, 'utf8'));
  return [...wanted].every(([name, version]) => present.get(name) === version && existsSync(path.join(root, name)));
}

/**
 * @param {string} root
 * @param {Map<string, string>} wanted
 * @param {(line: string) => void} say
 * @returns {Promise<void>}
 */
function npmCi(root, wanted, say) {
  const npm = process.env['npm_execpath'];
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const child = npm?.endsWith('.js') ? spawn(process.execPath, [npm, ...args], { cwd: root }) : spawn('npm', args, { cwd: root });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const ticker = setInterval(() => say(`${countInstalled(root, wanted)} of ${wanted.size} packages`), tickMs);
  /** @type {Promise<void>} */
  const done = new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Refusal(`npm could not be run (${error.message}).`)));
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Refusal(`npm ci failed; what it said:\n${output.trim()}`))));
  });
  return done.finally(() => clearInterval(ticker));
}

/**
 * npm makes all folders at once and fills them one by one.
 * @param {string} root
 * @param {Map<string, string>} wanted
 */
function countInstalled(root, wanted) {
  return [...wanted.keys()].filter((name) => existsSync(path.join(root, name, 'package.json'))).length;
}
