import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const folders = [
  '/usr/bin',
  '/usr/local/bin',
  '/snap/bin',
  '/opt/google/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS',
  '/Applications/Chromium.app/Contents/MacOS',
];
const macNames = ['Google Chrome', 'Chromium'];

/** findChromium answers the path of a Chromium on this machine: CHROMIUM_PATH, the usual folders, then PATH. */
export function findChromium(): string | undefined {
  const given = process.env['CHROMIUM_PATH'];
  if (given) return given;
  const searched = [...folders, ...(process.env['PATH'] ?? '').split(':')];
  return searched.flatMap((folder) => [...names, ...macNames].map((name) => path.join(folder, name))).find((file) => existsSync(file));
}

/** requireChromium finds Chromium, or installs it through apt when we are root; throws one sentence saying what to install. */
export function requireChromium(say: (line: string) => void): string {
  const found = findChromium();
  if (found) {
    if (spawnSync(found, ['--version']).status === 0) return found;
    throw new Error(`The browser tests need Chromium, and ${found} does not run; install it anew or set CHROMIUM_PATH.`);
  }
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    say('installing Chromium with apt-get');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update'], { env, stdio: 'ignore' });
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env, stdio: 'ignore' });
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(
    'The browser tests need Chromium: install it (on Debian: apt-get install chromium) or set CHROMIUM_PATH to a Chromium or Chrome.',
  );
}
