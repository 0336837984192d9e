import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyHome, openHome, takeLock } from '@/scripts/start/home.mjs';
import { identityOf } from '@/scripts/start/process.mjs';

describe('the data folder', () => {
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'countersign-home-')));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = (name: string) => openHome(folder, path.join(folder, name), false);

  it('is made and marked on first use, and found again', () => {
    expect(open('data')).toBe(path.join(folder, 'data'));
    expect(open('data')).toBe(path.join(folder, 'data'));
  });

  it('is never a folder with other files in it', () => {
    mkdirSync(path.join(folder, 'photos'));
    writeFileSync(path.join(folder, 'photos', 'cat.jpg'), '');
    expect(() => open('photos')).toThrow(/not Countersign's \(cat.jpg\)/);
    expect(readdirSync(path.join(folder, 'photos'))).toEqual(['cat.jpg']);
  });

  it('is never a file', () => {
    writeFileSync(path.join(folder, 'data'), '');
    expect(() => open('data')).toThrow(/is not a folder/);
  });

  it('is emptied only when it carries our mark', () => {
    mkdirSync(path.join(folder, 'other'));
    writeFileSync(path.join(folder, 'other', 'thesis.txt'), '');
    expect(() => emptyHome(path.join(folder, 'other'))).toThrow(/nothing in it was deleted/);
    expect(existsSync(path.join(folder, 'other', 'thesis.txt'))).toBe(true);
    const home = open('data');
    emptyHome(home);
    expect(readdirSync(home)).toEqual(['.countersign']);
  });
});

describe('the lock', () => {
  let file = '';
  beforeEach(() => {
    file = path.join(mkdtempSync(path.join(os.tmpdir(), 'countersign-lock-')), 'lock');
  });
  afterEach(() => rmSync(path.dirname(file), { recursive: true }));
  const take = () => takeLock(file, 0, 'Countersign is already running');

  it('is held by one process at a time', async () => {
    const lock = await take();
    await expect(take()).rejects.toThrow(`Countersign is already running (process ${process.pid}); stop it first.`);
    lock.release();
    expect((await take()).stale).toBe(false);
  });

  it('of a killed process is taken over', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']);
    await once(child, 'spawn');
    const holder = { pid: child.pid, identity: identityOf(child.pid ?? 0) };
    writeFileSync(file, JSON.stringify(holder));
    await expect(take()).rejects.toThrow(/already running/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await take()).stale).toBe(true);
  });

  it('is taken over when its number belongs to a later process', async () => {
    writeFileSync(file, JSON.stringify({ pid: process.pid, identity: 'another boot:1' }));
    expect((await take()).stale).toBe(true);
  });

  it('of which only a part was written is taken over', async () => {
    writeFileSync(file, '{"pid":');
    expect((await take()).stale).toBe(true);
  });
});
