import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const manifestName = 'routes-manifest.json';
const Manifest = z.looseObject({ rewrites: z.looseObject({ beforeFiles: z.array(z.looseObject({ destination: z.string() })) }) });

/** webViewOf is the folder, relative to the root (Next takes no other), from which the web process on this port is served. */
export const webViewOf = (port: string): string => `dist/web/${port}`;

/**
 * makeWebView makes a folder that looks like .next with the rewrites pointing at this system's gateway. `next build` writes the gateway's address into its manifest; without this, another GATEWAY_PORT
 * would need another build, and two systems could not share one.
 */
export function makeWebView(root: string, port: string, gatewayUrl: string): void {
  const built = path.join(root, '.next');
  const view = path.join(root, webViewOf(port));
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
}
