import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Service } from './service';

const nothing = () => undefined;
const watch = { report: nothing, log: nothing, giveUp: nothing, started: nothing, supervise: false };
let service: Service;
afterEach(() => service.stop());

describe('a service that is not ready yet', () => {
  it('is asked again when it begins an answer and does not end it, as on a machine that is busy', async () => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      if (asked > 1) return void response.end();
      response.writeHead(503);
      response.write('the ledger');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const args = ['-e', 'setInterval(() => undefined, 1000)'];
    service = new Service({ name: 'web', args, cwd: '.', environment: process.env, readyUrl: `http://127.0.0.1:${port}/readyz` }, watch);
    service.start();
    await service.ready();
    expect(asked).toBe(2);
    server.closeAllConnections();
    server.close();
  });

  it('that has ended is not waited for', async () => {
    service = new Service({ name: 'web', args: ['-e', ''], cwd: '.', environment: process.env, readyUrl: 'http://127.0.0.1:1/' }, watch);
    service.start();
    await expect(service.ready()).rejects.toThrow('web ended before it was ready');
  });
});
