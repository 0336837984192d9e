import { z } from 'zod';

const E2eSystem = z.object({
  webUrl: z.string(),
  gatewayUrl: z.string(),
  home: z.string(),
  urls: z.object({ owner: z.string(), web: z.string(), gateway: z.string(), superuser: z.string() }),
  signIn: z.object({ email: z.string(), password: z.string() }).optional(),
  /** What a script run against this system must find in its environment. */
  environment: z.record(z.string(), z.string()),
});
export type E2eSystem = z.infer<typeof E2eSystem>;

/** beOn makes another system the one that the tests of this process are about. */
export function beOn(system: E2eSystem): void {
  process.env['COUNTERSIGN_E2E'] = JSON.stringify(system);
}

/** e2eSystem is the running system of these tests: its addresses, its database, the sample's sign-in. */
export function e2eSystem(): E2eSystem {
  return E2eSystem.parse(JSON.parse(process.env['COUNTERSIGN_E2E'] ?? '{}'));
}
