import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gatewayEnv, jobsEnv, outsideEnv, ownerEnv, processEnv, savedEnvFile, webEnv } from '@/lib/platform/env';

const complete = {
  PUBLIC_URL: 'http://localhost:3000',
  SECRETS_DIR: '/data/secrets',
  DATABASE_URL_WEB: 'postgresql://countersign_web:x@127.0.0.1:5432/countersign',
  GATEWAY_URL: 'http://127.0.0.1:4000',
  NEXTAUTH_URL: 'http://localhost:3000',
  NEXTAUTH_SECRET: 'a'.repeat(43),
  MASTER_KEY_FILE: '/data/secrets/master.key',
};

describe('configuration', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-env-'));
    for (const name of [
      ...Object.keys(complete),
      'DATABASE_URL_GATEWAY',
      'GATEWAY_HOST',
      'GATEWAY_PORT',
      'TRUST_PROXY',
      'REDIS_URL',
      'DATABASE_URL_OWNER',
      'CHECKPOINT_DIR',
      'CHECKPOINT_KEY_FILE',
      'CHECKPOINT_VKEY',
    ])
      vi.stubEnv(name, undefined);
    vi.stubEnv('COUNTERSIGN_DATA_DIR', folder);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  const give = (variables: Record<string, string>) => Object.entries(variables).forEach(([name, value]) => vi.stubEnv(name, value));
  const save = (variables: Record<string, string>) => {
    mkdirSync(path.dirname(savedEnvFile()), { recursive: true });
    writeFileSync(savedEnvFile(), JSON.stringify(variables));
  };

  it('takes a whole group from the environment', () => {
    give(complete);
    expect(webEnv()).toEqual(complete);
  });

  it('reaches the running system from a script that was given nothing', () => {
    save(complete);
    expect(webEnv()).toEqual(complete);
  });

  it('lets a given variable win over the saved one', () => {
    save(complete);
    give({ GATEWAY_URL: 'http://127.0.0.1:9' });
    expect(webEnv().GATEWAY_URL).toBe('http://127.0.0.1:9');
  });

  it('takes an empty variable for one that is not set', () => {
    give({ ...complete, REDIS_URL: '' });
    expect(webEnv()).toEqual(complete);
  });

  it('starts a gateway without the private key of checkpoints, and without a place to compare with', () => {
    const gateway = {
      PUBLIC_URL: complete.PUBLIC_URL,
      SECRETS_DIR: complete.SECRETS_DIR,
      MASTER_KEY_FILE: complete.MASTER_KEY_FILE,
      DATABASE_URL_GATEWAY: 'postgresql://countersign_gateway:x@127.0.0.1:5432/countersign',
      GATEWAY_HOST: '127.0.0.1',
      GATEWAY_PORT: '4000',
    };
    give({ ...gateway, CHECKPOINT_KEY_FILE: '/data/secrets/checkpoint.pem' });
    expect(gatewayEnv()).toEqual({ ...gateway, GATEWAY_PORT: 4000 });
    give({ CHECKPOINT_DIR: '/data/checkpoints' });
    expect(gatewayEnv()).toMatchObject({ CHECKPOINT_DIR: '/data/checkpoints' });
  });

  const refusals: [string, Record<string, string>, () => unknown, RegExp][] = [
    ['names what is missing', {}, ownerEnv, /DATABASE_URL_OWNER.*npm start/],
    ['refuses a database that is not PostgreSQL', { ...complete, DATABASE_URL_WEB: 'mysql://localhost/x' }, webEnv, /DATABASE_URL_WEB/],
    ['refuses a short session secret', { ...complete, NEXTAUTH_SECRET: 'short' }, webEnv, /NEXTAUTH_SECRET/],
    ['does not resume without a directory to compare with', complete, outsideEnv, /CHECKPOINT_DIR/],
    ['does not start jobs without a place for checkpoints', complete, jobsEnv, /CHECKPOINT_DIR/],
    ['refuses a Redis address of another kind', { ...complete, REDIS_URL: 'http://localhost' }, webEnv, /REDIS_URL/],
  ];
  it.each(refusals)('%s', (_name, variables, read, message) => {
    give(variables);
    expect(read).toThrow(message);
  });

  it('refuses an unknown log level', () => {
    vi.stubEnv('LOG_LEVEL', 'loud');
    expect(processEnv).toThrow(/LOG_LEVEL/);
  });
});
