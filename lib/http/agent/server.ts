import { createServer, type Server } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import type pg from 'pg';
import { addAccessRequests } from './access-requests';
import { problem } from './answers';
import { CheckDoor } from './check-door';
import { agentDoors, checkDoors, doorNames, type Opener } from './doors';
import { lockedText } from './locked';
import { addOutcomes } from './outcomes';
import { plainHeaders, sendProblem } from './reply';
import { addSightings } from './sightings';
import { addStanding } from './standing';
import { addHealth, addIdentity, addMetadata } from './well-known';
import type { Canceller, Doorkeeper, Gatekeeper, RulesKeeper, Waiters } from '@/lib/check/service';
import type { Observer } from '@/lib/findings/observations/service/observer';
import type { Sightings } from '@/lib/findings/observations/service/sightings';
import { tokenRequestBytesMax } from '@/lib/identity/schema';
import type { ProblemCode } from '@/lib/kernel/problem';
import type { Committer } from '@/lib/ledger/service';
import type { OutsideGuard } from '@/lib/ledger/service/guard';
import type { Reporter } from '@/lib/outcomes/service/report';
import type { ToolKeyKeeper } from '@/lib/registry/service/tool-key-keeper';

export type AgentServerOptions = {
  gatekeeper: Gatekeeper;
  doorkeeper: Doorkeeper;
  canceller: Canceller;
  reporter: Reporter;
  observer: Observer;
  sightings: Sightings;
  toolKeys: ToolKeyKeeper;
  committer: Committer;
  guard: OutsideGuard;
  rules: RulesKeeper;
  waiters: Waiters;
  reads: pg.Pool;
  /** Where agents reach this plane, without a trailing slash: in metadata and status endpoints. */
  publicUrl: string;
  /** A proxy of ours stands in front: what it wrote last in x-forwarded-for is whom a request came from. */
  trustProxy: boolean;
};

/** A server with the names of its doors, as lib/http/agent/doors.ts writes them. */
export type AgentServer = { server: Server; app: FastifyInstance; doors: readonly string[] };

/** A request whose head or body takes longer to arrive is cut. */
const requestMsMax = 10_000;
const headersMsMax = 5_000;
const idleMsMax = 75_000;

/** createAgentServer builds the HTTP server of the agent plane: the check on node:http, everything whose speed does not count on Fastify. Throws for a route that the list of doors does not have. */
export async function createAgentServer(options: AgentServerOptions): Promise<AgentServer> {
  const door = new CheckDoor({ ...options, epoch: () => options.rules.snapshot.rules.epoch });
  const app = Fastify({
    serverFactory: (others) => serverWith(door, others),
    bodyLimit: tokenRequestBytesMax,
    forceCloseConnections: true,
  });
  const doors = [...checkDoors];
  app.addHook('onRoute', (route) => {
    for (const name of doorNames(route)) {
      if (!Object.hasOwn(agentDoors, name)) throw new Error(`${name} is not in the list of doors (lib/http/agent/doors.ts)`);
      doors.push(name);
    }
  });
  addLock(app, options.guard);
  app.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(plainHeaders)) if (!reply.hasHeader(name)) reply.header(name, value);
  });
  app.setNotFoundHandler((_request, reply) => problem(reply, 'NOT_FOUND', 'There is nothing at this address.'));
  app.setErrorHandler((error, _request, reply) => {
    const code = httpProblems[statusOf(error)] ?? 'INTERNAL';
    return problem(
      reply,
      code,
      code === 'INTERNAL' ? 'The request was not carried out.' : 'The request could not be read; nothing of it was kept.',
    );
  });
  app.removeAllContentTypeParsers();
  await app.register(async (forms) => {
    forms.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    addHealth(forms, options);
    addIdentity(forms, options);
    addMetadata(forms, options);
  });
  await app.register(async (json) => {
    // Their handlers read the body themselves, strictly (lib/http/agent/body.ts), whatever it says it is.
    json.addContentTypeParser('*', (_request, _body, done) => done(null));
    addAccessRequests(json, options);
    addOutcomes(json, options);
    addStanding(json, options);
    addSightings(json, options);
    for (const url of ['/api/check', '/access/v1/evaluation']) {
      json.route({
        method: ['GET', 'PUT', 'PATCH', 'DELETE'],
        url,
        handler: (_request, reply) => problem(reply.header('allow', 'POST'), 'METHOD_NOT_ALLOWED', 'A check is a POST.'),
      });
    }
  });
  await app.ready();
  return { server: app.server, app, doors: doors.sort() };
}

/** Doors that a locked gateway keeps open: what holds nothing of anybody, and what only says which method it is for. */
const stayOpen: ReadonlySet<Opener> = new Set(['anyone', 'nobody']);

/** Shuts every door to agents, clients and tools while the gateway is locked, before who asks is looked at: what it knows of them may be wrong too. */
function addLock(app: FastifyInstance, guard: OutsideGuard): void {
  app.addHook('onRequest', async (request, reply) => {
    const { locked } = guard;
    if (!locked) return;
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const [name = ''] = doorNames({ method, url: request.routeOptions.url ?? '' });
    const opener = Object.entries(agentDoors).find(([door]) => door === name)?.[1];
    if (opener && !stayOpen.has(opener)) await problem(reply, 'LOCKED', lockedText(locked));
  });
}

function serverWith(door: CheckDoor, others: Parameters<typeof createServer>[1]): Server {
  const server = createServer({
    requestTimeout: requestMsMax,
    headersTimeout: headersMsMax,
    keepAliveTimeout: idleMsMax,
    connectionsCheckingInterval: 1_000,
  });
  server.on('request', (request, response) => {
    const isCheck = request.url === '/api/check';
    if (request.method === 'POST' && (isCheck || request.url === '/access/v1/evaluation')) {
      door
        .handle(request, response, !isCheck)
        .catch(() => sendProblem(response, 'UNAVAILABLE', 'No decision was made, so the action must not go ahead.'));
    } else {
      others?.(request, response);
    }
  });
  return server;
}

const httpProblems: Record<number, ProblemCode> = { 400: 'MALFORMED', 408: 'TIMED_OUT', 413: 'TOO_LARGE', 415: 'UNSUPPORTED_MEDIA' };

function statusOf(error: unknown): number {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
}
