#!/usr/bin/env node
// @ts-nocheck: speaks to untyped internals of the WASM engine.
// Offline stand-in for Prisma's schema-engine binary: same JSON-RPC over stdio,
// backed by the WASM engine that ships on npm. PRISMA_SCHEMA_ENGINE_BINARY points here.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import pg from 'pg';
import * as bg from '@prisma/schema-engine-wasm/schema_engine_bg';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';

// adapter-pg rejects the catalog type "char" (OID 18). Smuggle it through as uuid, map back to Character below.
const fix = (r) => {
  for (const f of r?.fields ?? []) if (f.dataTypeID === 18) f.dataTypeID = 2950;
  return r;
};
const query = pg.Client.prototype.query;
pg.Client.prototype.query = function (...a) {
  const i = a.findIndex((x) => typeof x === 'function');
  if (i >= 0) {
    const cb = a[i];
    a[i] = (e, r) => cb(e, fix(r));
    return query.apply(this, a);
  }
  const p = query.apply(this, a);
  return p?.then ? p.then(fix) : p;
};
const argv = process.argv.slice(2);
const opt = (k) => argv.flatMap((x, i) => (x === k ? [argv[i + 1]] : []));
const reg = {
  message: '',
  get() {
    return this.message;
  },
  set_message(m) {
    this.message = m;
  },
};
globalThis.PRISMA_WASM_PANIC_REGISTRY = reg;
const wasm = new URL('./schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
const { instance } = await WebAssembly.instantiate(readFileSync(wasm), { './schema_engine_bg.js': bg });
bg.__wbg_set_wasm(instance.exports);
instance.exports.__wbindgen_start();
if (argv.includes('--version')) {
  console.log('schema-engine-cli ' + bg.version());
  process.exit(0);
}

const url = opt('--datasource')[0] ? JSON.parse(opt('--datasource')[0]).url : process.env.DATABASE_URL;
const u = new URL(url ?? 'postgresql://localhost/postgres');
const cfg = {
  host: u.hostname,
  port: +(u.port || 5432),
  user: decodeURIComponent(u.username),
  password: decodeURIComponent(u.password),
  database: u.pathname.slice(1),
  max: 2,
};
const wrap = (ad) => {
  const q = ad.queryRaw.bind(ad);
  ad.queryRaw = async (x) => {
    const r = await q(x);
    r.columnTypes = r.columnTypes.map((t) => (t === 15 ? 6 : t));
    return r;
  };
  return ad;
};
const base = new PrismaPg(cfg),
  connect = base.connect.bind(base);
base.connect = async () => wrap(await connect());
base.connectToShadowDb = async () => {
  // adapter-pg drops the shadow DB before closing it; do it in the right order
  const db = 'prisma_shadow_' + crypto.randomUUID().replaceAll('-', ''),
    main = await connect();
  await main.executeScript(`CREATE DATABASE "${db}"`);
  const ad = wrap(await new PrismaPg({ ...cfg, database: db }).connect()),
    end = ad.dispose.bind(ad);
  ad.dispose = async () => {
    await end();
    await main.executeScript(`DROP DATABASE IF EXISTS "${db}" WITH (FORCE)`);
    await main.dispose();
  };
  return ad;
};
const err = (level, message, extra = {}) => process.stderr.write(JSON.stringify({ level, fields: { message, ...extra } }) + '\n');
const make = (models) =>
  bg.SchemaEngine.new({ datamodels: models.length ? models : undefined }, () => {}, bindMigrationAwareSqlAdapterFactory(base));
process.on('uncaughtException', (e) => {
  err('ERROR', reg.message || e.stack);
  process.exit(101);
});
if (argv.includes('cli')) {
  try {
    await (await make([])).ensureConnectionValidity({ datasource: { tag: 'ConnectionString', url } });
    process.exit(0);
  } catch (e) {
    err('ERROR', e.message, { is_panic: false, error_code: e.code, meta: e.meta });
    process.exit(1);
  }
}
const models = opt('--datamodels').map((p) => [p, readFileSync(p, 'utf8')]);
const send = (m) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...m }) + '\n');
let engine,
  chain = Promise.resolve();
createInterface({ input: process.stdin })
  .on('line', (line) => {
    chain = chain.then(async () => {
      const m = JSON.parse(line);
      if (!m.method) return;
      try {
        engine ??= await make(models);
        const r = await engine[m.method === 'getDatabaseVersion' ? 'version' : m.method](m.params ?? null);
        if (m.method === 'diff' && r?.stdout != null) send({ id: m.id + 1e6, method: 'print', params: { content: r.stdout } });
        send({ id: m.id, result: r ?? {} });
      } catch (e) {
        send({
          id: m.id,
          error: {
            code: 4466,
            message: e.message,
            data: { is_panic: false, message: e.message, error_code: e.code ?? null, meta: e.meta ?? {} },
          },
        });
      }
    });
  })
  .on('close', () => chain.then(() => process.exit(0)));
