import type { IncomingMessage } from 'node:http';
import { addressSeen } from '@/lib/http/client-address';
import type { Doorkeeper } from '@/lib/check/service';
import { claimedClient, clientNamed, fingerprintOf, networkOf } from '@/lib/findings/observations/domain';
import type { Observer } from '@/lib/findings/observations/service/observer';
import type { TokenRequest } from '@/lib/identity/domain';

export type Noticing = { observer: Observer; doorkeeper: Doorkeeper; trustProxy: boolean };

const workloadOf = (request: IncomingMessage, trustProxy: boolean): string =>
  fingerprintOf(addressSeen(request, trustProxy), request.headers['user-agent']);

const networkAsked = (request: IncomingMessage, trustProxy: boolean): string => networkOf(addressSeen(request, trustProxy));

/** noticeClient counts from where a credential gets its tokens, and who asks under a client id that no credential has. A known one with a wrong secret says nothing of its workload. */
export function noticeClient(
  { observer, doorkeeper, trustProxy }: Noticing,
  request: IncomingMessage,
  asked: TokenRequest,
  issued: boolean,
): void {
  if (issued) observer.noticed('credential.workload', asked.clientId, workloadOf(request, trustProxy));
  else if (!doorkeeper.knowsClient(asked.clientId))
    observer.noticed('client.unknown', clientNamed(asked.clientId), networkAsked(request, trustProxy));
}

/** noticeToken counts whom a refused token says to be, where no credential is that. */
export function noticeToken({ observer, doorkeeper, trustProxy }: Noticing, request: IncomingMessage, token: string): void {
  const client = claimedClient(token);
  if (client !== undefined && !doorkeeper.knowsClient(client))
    observer.noticed('client.unknown', clientNamed(client), networkAsked(request, trustProxy));
}
