#!/usr/bin/env node
// `npm start`: plain JavaScript and no dependency, because node_modules may still be missing.
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { openHome, takeLock } from './start/home.mjs';
import { ensureInstalled, requireNode } from './start/install.mjs';
import { isFree } from './start/ports.mjs';
import { Progress } from './start/progress.mjs';
import { Refusal } from './start/refusal.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const stepCount = 6;
// A start that is just being stopped needs a moment.
const lockWaitMs = 4_000;
const portWaitMs = 6_000;

const usage = `npm start [-- --reset [--yes]]     start Countersign; --reset deletes its data folder first
npm start -- --empty               begin with an installation of your own instead of the sample organisation
npm start -- --sample              come back to the sample; a fresh one when it was left
npm run dev                        the same, reloading on every change
variables: PORT (3000), GATEWAY_PORT (4000), HOST (127.0.0.1), DATABASE_URL, REDIS_URL, COUNTERSIGN_DATA_DIR (.data)`;

function parseArguments() {
  const given = (/** @type {string} */ name) => process.env[`npm_config_${name}`] === 'true';
  const flags = { reset: given('reset'), yes: given('yes'), dev: false, empty: given('empty'), sample: given('sample') };
  for (const argument of process.argv.slice(2)) {
    if (argument === '--help') return console.log(usage);
    const name = argument.replace(/^--/, '');
    if (name !== 'reset' && name !== 'yes' && name !== 'dev' && name !== 'empty' && name !== 'sample')
      throw new Refusal(`There is no option ${argument}; "npm start -- --help" lists them.`);
    flags[name] = true;
  }
  if (flags.empty && flags.sample) throw new Refusal('--empty and --sample contradict each other; give one of them.');
  return flags;
}

/** @param {string} name @param {number} fallback */
function portOf(name, fallback) {
  const port = Number(process.env[name] || fallback);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Refusal(`${name} is "${process.env[name]}", which is not a port number.`);
}

/** @param {string} name @param {number} port @param {string} host @param {boolean} patient */
async function requirePort(name, port, host, patient) {
  const deadline = Date.now() + (patient ? portWaitMs : 0);
  while (!(await isFree(port, host))) {
    if (Date.now() > deadline)
      throw new Refusal(`Port ${port} is taken by another program; stop it, or choose another with ${name}=… npm start.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** @param {string} home */
async function confirmReset(home) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Delete all of Countersign's data in ${home}? Type "yes": `);
  terminal.close();
  if (answer.trim() !== 'yes') throw new Refusal('Nothing was deleted.');
}

async function main() {
  requireNode();
  const flags = parseArguments();
  if (!flags) return;
  process.chdir(root);
  const host = process.env.HOST || '127.0.0.1';
  const ports = { web: portOf('PORT', 3000), gateway: portOf('GATEWAY_PORT', 4000) };
  if (ports.web === ports.gateway) throw new Refusal(`PORT and GATEWAY_PORT are both ${ports.web}; they must differ.`);
  const home = openHome(root, path.resolve(process.env.COUNTERSIGN_DATA_DIR || '.data'), !process.env.DATABASE_URL);
  const lock = await takeLock(path.join(home, 'lock'), lockWaitMs, `Countersign is already running on ${home}`);
  process.once('exit', lock.release);
  await requirePort('PORT', ports.web, host, lock.stale);
  await requirePort('GATEWAY_PORT', ports.gateway, host, lock.stale);
  if (flags.reset && !flags.yes && process.stdin.isTTY) await confirmReset(home);
  const progress = new Progress(stepCount);
  await progress.step(1, 'Packages', async (say) => ((await ensureInstalled(root, say)) ? 'installed' : 'already installed'));
  const { register } = await import('tsx/esm/api');
  register();
  const { run } = await import('./start/run.ts');
  await run({ root, home, host, ports, flags, progress });
}

main().catch((error) => {
  console.error(
    error instanceof Refusal ? error.message : `Countersign could not start: ${error instanceof Error ? error.message : error}`,
  );
  if (process.env.DEBUG) console.error(error);
  process.exit(1);
});
