import { expect, it } from 'vitest';
import { freePort } from './ports.mjs';
import { Service } from './service';

/** A service that answers its readiness with one status and one body. */
async function serviceThatSays(status: number, body: unknown): Promise<{ service: Service; said: string[] }> {
  const port = await freePort();
  const program = `require('node:http').createServer((_, response) => response.writeHead(${status}).end(${JSON.stringify(JSON.stringify(body))})).listen(${port}, '127.0.0.1')`;
  const said: string[] = [];
  const report = (line: string) => said.push(line);
  const service = new Service(
    { name: 'gateway', args: ['-e', program], cwd: process.cwd(), environment: process.env, readyUrl: `http://127.0.0.1:${port}/readyz` },
    { report, log: report, giveUp: report, started: () => undefined, supervise: false },
  );
  service.start();
  return { service, said };
}

it('a gateway that is locked does not keep the console down, which people need to resume it, and is reported', async () => {
  const { service, said } = await serviceThatSays(503, { status: 'locked', why: ['this gateway is locked: the database ends at row 80'] });
  await service.ready();
  await service.stop();
  expect(said).toEqual(['gateway decides nothing: this gateway is locked: the database ends at row 80']);
});

it('a gateway that is not ready for another reason is waited for', async () => {
  const { service, said } = await serviceThatSays(503, { status: 'not ready', why: ['the database does not answer'] });
  const waiting = service.ready();
  await Promise.all([service.stop(), expect(waiting).rejects.toThrow('gateway was stopped before it was ready')]);
  expect(said).toEqual([]);
});
