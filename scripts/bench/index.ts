import { parseArgs } from 'node:util';
import { forkTool, startStage } from '@/scripts/testing/stage';
import { measureCommit } from './commit';
import { measureEngine } from './engine';

type Measured = { perSecond: number; p50: number; p99: number; requests: number; bad: number; firstBad: string };
type Load = { result: Measured } | { error: string };

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '4' }, rounds: { type: 'string', default: '5' } } });
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const connectionCounts = [1, 16, 64];
const drivers = ['client', 'sockets'] as const;
type Driver = (typeof drivers)[number];
type Row = { driver: Driver; connections: number; echo: Measured[]; check: Measured[]; keyed: Measured[] };

const body = JSON.stringify({
  action: { name: 'payments.schedule' },
  resource: { type: 'invoice', id: 'INV-2291' },
  context: {
    arguments: { invoice: 'INV-2291', vendor: 'V-88', amount: '120.00', currency: 'USD' },
    confidence: 0.93,
    summary: 'Pay invoice INV-2291',
    rationale: 'Matches PO-771; three-way match passed',
    supported_obligations: ['report_outcome'],
  },
});

const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
const pad = (text: string | number, width: number): string => String(text).padStart(width);
const ms = (value: number): string => value.toFixed(2);

/**
 * One run, one machine, one generator: what a check costs beside a bare Node echo and beside a durable commit. Rounds are interleaved, since machines
 * drift; ratios are of the same round, and their medians are what is judged.
 */
async function main(): Promise<number> {
  const engine = measureEngine();
  const stage = await startStage(1);
  const echo = forkTool('scripts/bench/echo.mjs');
  const load = forkTool('scripts/bench/load.mjs');
  try {
    const { port: echoPort } = await echo.first<{ port: number }>();
    const gateway = stage.gateways[0];
    if (!gateway) throw new Error('no gateway');
    const drive = async (plan: {
      driver: Driver;
      port: number;
      path: string;
      headers: Record<string, string>;
      connections: number;
      keyed: boolean;
      expect: string;
    }): Promise<Measured> => {
      const answer = await load.ask<Load>({ body, seconds, ...plan });
      if ('error' in answer) throw new Error(answer.error);
      if (answer.result.bad > 0) throw new Error(`${answer.result.bad} answers were not as expected, the first: ${answer.result.firstBad}`);
      return answer.result;
    };
    const check = async (driver: Driver, connections: number, keyed: boolean): Promise<Measured> =>
      drive({
        driver,
        port: gateway.port,
        path: '/api/check',
        headers: { authorization: `Bearer ${await stage.token()}` },
        connections,
        keyed,
        expect: '"decision":true',
      });
    const bare = (driver: Driver, connections: number): Promise<Measured> =>
      drive({ driver, port: echoPort, path: '/', headers: {}, connections, keyed: false, expect: '"action"' });

    // Both warm before anything counts.
    for (const driver of drivers) {
      await bare(driver, 16);
      await check(driver, 16, false);
      await check(driver, 64, true);
    }
    const commits: Awaited<ReturnType<typeof measureCommit>>[] = [];
    const seen = drivers.flatMap((driver) =>
      connectionCounts.map((connections): Row => ({ driver, connections, echo: [], check: [], keyed: [] })),
    );
    for (let round = 0; round < rounds; round++) {
      commits.push(await measureCommit(stage.urls, seconds));
      for (const row of seen) {
        row.echo.push(await bare(row.driver, row.connections));
        row.check.push(await check(row.driver, row.connections, false));
        row.keyed.push(await check(row.driver, row.connections, true));
      }
      process.stderr.write(`round ${round + 1} of ${rounds}\n`);
    }
    return report(engine, commits, seen);
  } finally {
    echo.child.kill();
    load.child.kill();
    await stage.stop();
  }
}

function report(engine: ReturnType<typeof measureEngine>, commits: Awaited<ReturnType<typeof measureCommit>>[], seen: Row[]): number {
  const say = (line = ''): boolean => process.stdout.write(`${line}\n`);
  const line = (name: string, connections: number, list: Measured[], ratio?: number): void => {
    const figures = [
      Math.round(median(list.map((m) => m.perSecond))),
      ms(median(list.map((m) => m.p50))),
      ms(median(list.map((m) => m.p99))),
    ];
    say(
      `${name.padEnd(44)}${pad(connections, 5)}${figures.map((figure) => pad(figure, 11)).join('')}${ratio === undefined ? '' : pad(ratio.toFixed(2), 9)}`,
    );
  };
  const ratios = (list: Measured[], yardstick: Measured[]): number =>
    median(list.map((m, i) => m.perSecond / (yardstick[i]?.perSecond ?? Number.NaN)));

  say(
    `Medians of ${rounds} rounds of ${seconds} s. Driven by Node's fetch, as agents call (client), or on bare sockets, which cost the cores nothing.`,
  );
  say(''.padEnd(44) + ['conn', 'req/s', 'p50 ms', 'p99 ms', '÷ echo'].map((head, i) => pad(head, i === 0 ? 5 : i === 4 ? 9 : 11)).join(''));
  for (const row of seen) {
    line(`bare Node echo (${row.driver})`, row.connections, row.echo);
    line(`/api/check (${row.driver})`, row.connections, row.check, ratios(row.check, row.echo));
    line(`/api/check, Idempotency-Key (${row.driver})`, row.connections, row.keyed, ratios(row.keyed, row.echo));
  }
  say();
  const plain = median(commits.map((commit) => commit.plainMs));
  const durable = median(commits.map((commit) => commit.chainedMs));
  say(`one durable commit: a plain INSERT ${ms(plain)} ms, one chained decision with its side row ${ms(durable)} ms (p50)`);
  const perPolicy = engine.map(({ policies, medianUs }) => `${policies.toLocaleString('en')}: ${medianUs.toFixed(2)}`).join(' · ');
  const flat = Math.max(...engine.map((e) => e.medianUs)) / Math.min(...engine.map((e) => e.medianUs));
  say(`evaluation, median µs a decision by number of policies: ${perPolicy} (flat within ${flat.toFixed(2)}×)`);
  say();

  const at = (connections: number, driver: Driver = 'client') =>
    seen.find((row) => row.connections === connections && row.driver === driver) ?? { echo: [], check: [], keyed: [] };
  // One caller at a time leaves the cores idle, so here the leaner generator tells more of the gateway.
  const single = median(at(1, 'sockets').check.map((m, i) => m.p50 / (commits[i]?.chainedMs ?? Number.NaN)));
  const gates: [string, number, (value: number) => boolean][] = [
    ['at 64 connections, ≥ 0.5 of the echo', ratios(at(64).check, at(64).echo), (value) => value >= 0.5],
    ['at 16 connections, ≥ 0.4 of the echo', ratios(at(16).check, at(16).echo), (value) => value >= 0.4],
    ['p50 at 1 connection, ≤ 1.5 × the durable commit', single, (value) => value <= 1.5],
    ['evaluation flat within 1.3 ×', flat, (value) => value <= 1.3],
    ['evaluation median, < 5 µs', Math.max(...engine.map((e) => e.medianUs)), (value) => value < 5],
  ];
  for (const [name, value, holds] of gates) say(`${holds(value) ? 'holds ' : 'FAILS '} ${name}: ${value.toFixed(2)}`);
  return gates.every(([, value, holds]) => holds(value)) ? 0 : 1;
}

process.exitCode = await main();
