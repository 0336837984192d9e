import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { permissions } from '@/lib/people/schema';
import { routes } from './routes';

const app = path.resolve('app');
const methods =
  /export (?:const|async function|function) (GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b|\bas (GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b/g;

type Found = { key: string; source: string };

/** Every handler under app/, read from the files themselves, so that a new one cannot be forgotten here. */
function handlers(): Found[] {
  const files = readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((file) => /(^|\/)route\.tsx?$/.test(file));
  return files.flatMap((file) => {
    const source = readFileSync(path.join(app, file), 'utf8');
    const address = `/${path.dirname(file).replaceAll(/\([^)]*\)\/?/g, '')}`;
    return [...source.matchAll(methods)].map((match) => ({ key: `${match[1] ?? match[2]} ${address}`, source }));
  });
}

describe('the doors of the people plane', () => {
  test('are exactly those of the list, so that a new one without an entry fails here', () => {
    expect(
      handlers()
        .map(({ key }) => key)
        .sort(),
    ).toEqual(Object.keys(routes).sort());
  });

  test.each(handlers().map(({ key, source }): [string, string] => [key, source]))(
    '%s is made by route() with its own entry, unless it is for anyone',
    (key, source) => {
      const who = Object.entries(routes).find(([name]) => name === key)?.[1];
      expect(who).toBeDefined();
      if (who === 'anyone') return;
      expect(permissions).toContain(who);
      expect(source).toContain(`route('${key}'`);
    },
  );

  test('change nothing by GET: whatever decides is a POST', () => {
    for (const key of Object.keys(routes)) if (/\/(approve|reject)$/.test(key)) expect(key.startsWith('POST ')).toBe(true);
  });

  test('never lie on the agents’ paths, which are the gateway’s alone', () => {
    for (const key of Object.keys(routes))
      expect(key.split(' ')[1]).not.toMatch(/^\/(api\/(check|outcomes|authorize|agent|reversals)|access|oauth|\.well-known)(\/|$)/);
  });
});
