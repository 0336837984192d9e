import type { Permission } from '@/lib/people/schema';

/** Who may call a route: whoever holds the permission, or anyone, signed in or not. */
export type Who = Permission | 'anyone';

/**
 * Every route of the people plane and who may call it. `route()` takes its permission from here, so a handler that is not listed does not compile,
 * and a test compares the list with the files under app/. Which single requests a person may decide is asked again by the approvals service.
 */
export const routes = {
  'GET /api/v1/approvals': 'approvals:read',
  'GET /api/v1/approvals/[id]': 'approvals:read',
  'POST /api/v1/approvals/[id]/approve': 'approvals:read',
  'POST /api/v1/approvals/[id]/reject': 'approvals:read',
  'GET /api/v1/ledger/entries': 'ledger:read',
  'GET /api/v1/ledger/stream': 'ledger:read',
  'GET /api/auth/[...nextauth]': 'anyone',
  'POST /api/auth/[...nextauth]': 'anyone',
  'GET /healthz': 'anyone',
  'GET /readyz': 'anyone',
} as const satisfies Record<`${'GET' | 'POST' | 'PUT'} /${string}`, Who>;

export type RouteKey = keyof typeof routes;
/** The routes that `route()` makes: those that need a person. */
export type PersonRouteKey = { [Key in RouteKey]: (typeof routes)[Key] extends Permission ? Key : never }[RouteKey];
