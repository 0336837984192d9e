import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const manifestName = 'routes-manifest.json';
const Manifest = z.looseObject({ rewrites: z.looseObject({ beforeFiles: z.array(z.looseObject({ destination: z.string() })) }) });

/**
 * makeWebView makes a folder that looks like .next with the rewrites pointing at this system's gateway, and answers it
 * relative to the root. `next build` writes the gateway's address into its manifest; without this, another GATEWAY_PORT
 * would need another build, and two systems could not share one.
 */
export function makeWebView(root: string, home: string, gatewayUrl: string): string {
  const built = path.join(root, '.next');
  const view = path.join(home, 'web');
  rmSync(view, { recursive: true, force: true });
  mkdirSync(view, { recursive: true });
  for (const name of readdirSync(built)) {
    if (name !== manifestName) symlinkSync(path.join(built, name), path.join(view, name));
  }
  const manifest = Manifest.parse(JSON.parse(readFileSync(path.join(built, manifestName), 'utf8')));
  for (const rewrite of manifest.rewrites.beforeFiles) {
    rewrite.destination = rewrite.destination.replace(/^https?:\/\/[^/]+/, gatewayUrl);
  }
  writeFileSync(path.join(view, manifestName), JSON.stringify(manifest));
  return path.relative(root, view);
}
