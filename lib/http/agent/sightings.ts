import type { FastifyInstance, FastifyReply } from 'fastify';
import { problem } from './answers';
import { readStrictJson } from './body';
import { pointers } from './check-door';
import { Sighting, sightingBytesMax } from '@/lib/findings/observations/schema';
import type { Sightings } from '@/lib/findings/observations/service/sightings';
import { readToolKey } from '@/lib/registry/domain/tool-keys';
import type { ToolKeyKeeper } from '@/lib/registry/service/tool-key-keeper';

const secondsOfLimit = '60';
const noKey = (reply: FastifyReply): FastifyReply =>
  problem(
    reply.header('www-authenticate', 'Basic realm="countersign-tools", charset="UTF-8"'),
    'KEY_INVALID',
    'Send a tool key of the system as Basic authentication: its id, a colon, its secret. People make one on the system’s page.',
  );

/** addSightings adds where a tool reports calls that no receipt allowed. */
export function addSightings(app: FastifyInstance, { toolKeys, sightings }: { toolKeys: ToolKeyKeeper; sightings: Sightings }): void {
  app.post('/api/sightings', async (request, reply) => {
    const header = request.headers.authorization;
    if (header?.slice(0, 7).toLowerCase() === 'bearer ')
      return problem(reply, 'WRONG_PLANE', 'This is the door of tools: a token or receipt of an agent does not open it. Send a tool key.');
    const shown = readToolKey(header);
    if (!shown) return noKey(reply);
    const verdict = await toolKeys.verify(shown.id, shown.secret);
    if (!verdict.ok)
      return verdict.code === 'UNKNOWN'
        ? noKey(reply)
        : problem(reply, 'UNAVAILABLE', 'Whether this key counts cannot be known now; nothing was noted. Report it again.');
    if (!sightings.mayReport(verdict.key))
      return problem(
        reply.header('retry-after', secondsOfLimit),
        'RATE_LIMITED',
        'Add calls of a kind up with "count"; nothing was noted.',
      );
    const body = await readStrictJson(request.raw, sightingBytesMax);
    if (!body.ok) return problem(reply, body.code, body.detail);
    const sighting = Sighting.safeParse(body.value);
    if (!sighting.success)
      return problem(reply, 'MALFORMED', 'The request does not have the shape of a sighting; nothing was noted.', pointers(sighting.error));
    return reply.code(202).send(sightings.note(verdict, sighting.data));
  });
}
