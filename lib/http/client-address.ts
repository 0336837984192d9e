import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/**
 * The request header in which this server writes, over whatever a client sent, the network address it saw. Next hands handlers no socket and keeps a
 * client's own x-forwarded-for, so that one may be forged unless a proxy of ours writes it.
 */
const header = 'x-countersign-address';
const addressLengthMax = 64;

// On globalThis because Next's bundles load this module more than once.
const holder = globalThis as typeof globalThis & { countersignStampsAddresses?: true };

/** addressSeen is whom a request came from: the socket's other end, or with `trustProxy` what the proxy there wrote last. */
export function addressSeen(request: Pick<IncomingMessage, 'headers' | 'socket'>, trustProxy: boolean): string {
  const forwarded = trustProxy ? [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',').at(-1)?.trim() : undefined;
  return (forwarded || request.socket.remoteAddress || 'unknown').slice(0, addressLengthMax);
}

/** stampAddresses writes the address of every request that this process takes from now on, before anything reads its headers. Called once, at its start. */
export function stampAddresses(trustProxy: boolean): void {
  if (holder.countersignStampsAddresses) return;
  holder.countersignStampsAddresses = true;
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[header] = addressSeen(request, trustProxy);
  });
}

/** clientAddress reads the stamp; 'unknown', one for all, where no stamp is written and a client could have sent its own. */
export function clientAddress(headers: Record<string, unknown> | undefined): string {
  const stamped = holder.countersignStampsAddresses ? headers?.[header] : undefined;
  return typeof stamped === 'string' && stamped !== '' ? stamped : 'unknown';
}
