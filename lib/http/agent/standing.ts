import type { FastifyInstance } from 'fastify';
import type pg from 'pg';
import { noToken, principalOf, problem } from './answers';
import { bearerToken } from './check-door';
import { agentStanding, type Doorkeeper, type RulesKeeper } from '@/lib/check/service';

/** addStanding adds where an agent asks who it is and whether it may run. */
export function addStanding(app: FastifyInstance, parts: { doorkeeper: Doorkeeper; rules: RulesKeeper; reads: pg.Pool }): void {
  app.get('/api/agent', async (request, reply) => {
    const principal = await principalOf(request, parts.doorkeeper);
    const expiresAt = principal && parts.doorkeeper.expiryOf(bearerToken(request.raw) ?? '', new Date());
    if (!principal || !expiresAt) return noToken(reply);
    const result = await agentStanding(parts, principal, expiresAt);
    if (result.ok) return reply.send(result.standing);
    return problem(reply, 'UNAVAILABLE', `Whether this agent may run cannot be known now, so it must not: ${result.why}. Ask again.`);
  });
}
