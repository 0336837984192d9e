/**
 * Who opens a door of the agent plane: `agent` an access token alone, `client` the secret of a credential (RFC 6749 section 2.3.1), `tool` a
 * tool key of a system, `anyone` what holds
 * nothing of anybody, `nobody` an address that only says which method it is for.
 */
export type Opener = 'agent' | 'client' | 'tool' | 'anyone' | 'nobody';

/**
 * Every route of the agent plane. A server that has another one does not start, and a test tries each with every kind of credential. GET answers HEAD
 * as well, by the same function.
 */
export const agentDoors = {
  'POST /api/check': 'agent',
  'POST /access/v1/evaluation': 'agent',
  'POST /api/outcomes': 'agent',
  'GET /api/agent': 'agent',
  'GET /access/v1/requests/:id': 'agent',
  'POST /access/v1/requests/:id/cancel': 'agent',
  'POST /oauth/token': 'client',
  'POST /api/sightings': 'tool',
  'GET /.well-known/jwks.json': 'anyone',
  'GET /.well-known/oauth-authorization-server': 'anyone',
  'GET /.well-known/authzen-configuration': 'anyone',
  'GET /healthz': 'anyone',
  'GET /readyz': 'anyone',
  'GET /api/check': 'nobody',
  'PUT /api/check': 'nobody',
  'PATCH /api/check': 'nobody',
  'DELETE /api/check': 'nobody',
  'GET /access/v1/evaluation': 'nobody',
  'PUT /access/v1/evaluation': 'nobody',
  'PATCH /access/v1/evaluation': 'nobody',
  'DELETE /access/v1/evaluation': 'nobody',
} as const satisfies Record<`${string} /${string}`, Opener>;
export type AgentDoor = keyof typeof agentDoors;

/** The doors that node:http answers itself, because their speed counts (lib/DECISIONS.md 1). */
export const checkDoors: ReadonlySet<string> = new Set(['POST /api/check', 'POST /access/v1/evaluation'] satisfies AgentDoor[]);

/** doorName is a route as the list has it; a HEAD that comes with its GET is no door of its own. */
export function doorNames(route: { method: string | readonly string[]; url: string }): string[] {
  return [route.method].flat().flatMap((method) => (method === 'HEAD' ? [] : [`${method} ${route.url}`]));
}
