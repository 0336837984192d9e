import type { Json } from '@/lib/kernel/canonical';

const DEPTH_MAX = 8;

/** sampleOf makes up arguments that look like what a schema asks for, as a start for the preview; they need not match patterns it cannot guess. */
export function sampleOf(schema: unknown): Json {
  return made(schema, '', DEPTH_MAX);
}

function made(schema: unknown, name: string, depth: number): Json {
  if (typeof schema !== 'object' || schema === null || depth === 0) return null;
  const given = (keyword: string): unknown => (Object.hasOwn(schema, keyword) ? Reflect.get(schema, keyword) : undefined);
  const listed = [given('const'), ...list(given('examples')), given('default'), ...list(given('enum'))].find(
    (value) => value !== undefined,
  );
  if (isJson(listed)) return listed;
  const type = [given('type')].flat()[0];
  const properties = given('properties');
  if (type === 'object' || (type === undefined && typeof properties === 'object'))
    return Object.fromEntries(
      Object.entries(typeof properties === 'object' && properties !== null ? properties : {}).map(([key, value]) => [
        key,
        made(value, key, depth - 1),
      ]),
    );
  if (type === 'array') return given('items') === undefined ? [] : [made(given('items'), name, depth - 1)];
  if (type === 'boolean') return true;
  if (type === 'integer' || type === 'number') return number(given('minimum'));
  if (type === 'null') return null;
  return text(name, given('pattern'), given('format'));
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const number = (minimum: unknown): number =>
  typeof minimum === 'number' && Number.isFinite(minimum) ? Math.max(1, Math.ceil(minimum)) : 1;

function text(name: string, pattern: unknown, format: unknown): string {
  if (pattern === '^[A-Z]{3}$') return 'USD';
  if (format === 'date') return '2026-11-21';
  if (format === 'date-time') return '2026-11-21T09:00:00Z';
  if (format === 'email') return 'person@example.com';
  if (/amount|price|total/i.test(name)) return '100.00';
  return name === '' ? 'text' : `${name.charAt(0).toUpperCase()}-1`;
}

// A schema was read as JSON, so what stands in it is JSON: only what is missing is not.
const isJson = (value: unknown): value is Json => value !== undefined;
