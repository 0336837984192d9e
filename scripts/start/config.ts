import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { databaseName, databaseRoles } from '@/lib/platform/db/roles';
import { urlOf } from '@/scripts/postgres/server';

export type Ports = { web: number; gateway: number };
export type Where = { home: string; host: string; ports: Ports };
export type Urls = { owner: string; web: string; gateway: string; superuser?: string };
type Variables = Readonly<Record<string, string | undefined>>;

const Passwords = z.object({ superuser: z.string(), owner: z.string(), web: z.string(), gateway: z.string(), nextauth: z.string() });
export type Passwords = z.infer<typeof Passwords>;

const secret = () => randomBytes(32).toString('base64url');
const secretFile = (home: string, name: string) => path.join(home, 'secrets', name);

/** privateFile writes a file only its owner can read, replacing what was there. */
export function privateFile(file: string, content: string | Buffer): void {
  writeFileSync(file, content, { mode: 0o600 });
}

/** passwordsOf reads this installation's random passwords, made on its first start. */
export function passwordsOf(home: string): Passwords {
  const file = secretFile(home, 'passwords.json');
  if (existsSync(file)) return Passwords.parse(JSON.parse(readFileSync(file, 'utf8')));
  const passwords = { superuser: secret(), owner: secret(), web: secret(), gateway: secret(), nextauth: secret() };
  privateFile(file, JSON.stringify(passwords, null, 2));
  return passwords;
}

/** makeKeys generates what is missing: the 32-byte master key and the Ed25519 checkpoint key, PKCS 8 PEM (RFC 8410). */
export function makeKeys(home: string, given: Variables): { masterKeyFile: string; checkpointKeyFile: string } {
  const masterKeyFile = given['MASTER_KEY_FILE'] || secretFile(home, 'master.key');
  const checkpointKeyFile = given['CHECKPOINT_KEY_FILE'] || secretFile(home, 'checkpoint.pem');
  if (!existsSync(masterKeyFile)) privateFile(masterKeyFile, randomBytes(32));
  if (!existsSync(checkpointKeyFile)) {
    privateFile(checkpointKeyFile, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  }
  return { masterKeyFile, checkpointKeyFile };
}

/** embeddedUrls are the addresses of our own cluster. */
export function embeddedUrls(port: number, passwords: Passwords): Required<Urls> {
  const url = (role: keyof typeof databaseRoles) => urlOf(port, databaseRoles[role], passwords[role], databaseName);
  return {
    owner: url('owner'),
    web: url('web'),
    gateway: url('gateway'),
    superuser: urlOf(port, 'postgres', passwords.superuser, databaseName),
  };
}

/**
 * externalUrls are those of DATABASE_URL's server. A role whose URL is not given gets a password derived from the owner's,
 * so that several installations on one database agree without sharing a file.
 */
export function externalUrls(
  ownerUrl: string,
  given: Variables,
  passwords: Passwords,
): { urls: Urls; derived: { web?: string; gateway?: string } } {
  const owner = new URL(ownerUrl);
  const derive = (role: 'web' | 'gateway') =>
    owner.password ? createHmac('sha256', owner.password).update(`countersign ${role}`).digest('base64url') : passwords[role];
  const derived = {
    ...(given['DATABASE_URL_WEB'] ? {} : { web: derive('web') }),
    ...(given['DATABASE_URL_GATEWAY'] ? {} : { gateway: derive('gateway') }),
  };
  const as = (username: string, password: string) => Object.assign(new URL(ownerUrl), { username, password }).href;
  const urls = {
    owner: ownerUrl,
    web: given['DATABASE_URL_WEB'] || as(databaseRoles.web, derive('web')),
    gateway: given['DATABASE_URL_GATEWAY'] || as(databaseRoles.gateway, derive('gateway')),
  };
  return { urls, derived };
}

/** isLoopback tells whether only this machine can reach a server bound to this host. */
export const isLoopback = (host: string): boolean => ['127.0.0.1', 'localhost', '::1'].includes(host);

/** environmentOf is everything the three processes and the scripts are told, as variables. */
export function environmentOf(where: Where, urls: Urls, passwords: Passwords, given: Variables): Record<string, string> {
  const { home, host, ports } = where;
  const keys = makeKeys(home, given);
  const reach = ['0.0.0.0', '::', 'localhost'].includes(host) ? '127.0.0.1' : host;
  const publicUrl = given['PUBLIC_URL'] || `http://localhost:${ports.web}`;
  return {
    COUNTERSIGN_DATA_DIR: home,
    DATABASE_URL_OWNER: urls.owner,
    DATABASE_URL_WEB: urls.web,
    DATABASE_URL_GATEWAY: urls.gateway,
    ...(urls.superuser ? { DATABASE_URL_SUPERUSER: urls.superuser } : {}),
    HOST: host,
    PORT: String(ports.web),
    GATEWAY_HOST: host,
    GATEWAY_PORT: String(ports.gateway),
    GATEWAY_URL: `http://${reach.includes(':') ? `[${reach}]` : reach}:${ports.gateway}`,
    PUBLIC_URL: publicUrl,
    NEXTAUTH_URL: publicUrl,
    NEXTAUTH_SECRET: given['NEXTAUTH_SECRET'] || passwords.nextauth,
    MASTER_KEY_FILE: keys.masterKeyFile,
    CHECKPOINT_KEY_FILE: keys.checkpointKeyFile,
    CHECKPOINT_DIR: given['CHECKPOINT_DIR'] || path.join(home, 'checkpoints'),
    SECRETS_DIR: path.join(home, 'secrets'),
    ...(given['REDIS_URL'] ? { REDIS_URL: given['REDIS_URL'] } : {}),
  };
}

/** saveEnvironment keeps it (0600) where lib/platform/env.ts finds it for scripts. */
export function saveEnvironment(home: string, environment: Readonly<Record<string, string>>): void {
  privateFile(secretFile(home, 'env.json'), JSON.stringify(environment, null, 2));
}
