import { z } from 'zod';
import { parseStrictJson } from '@/lib/kernel/strict-json';
import { scopeSizeMax, TaskDetail, tokenRequestBytesMax } from '../schema';

/** The refusals of the token endpoint (RFC 6749 section 5.2, RFC 9396 section 5), each with its status. */
export const tokenErrors = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_scope: 400,
  invalid_authorization_details: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
} as const;
export type TokenErrorCode = keyof typeof tokenErrors;
/** TokenRefusal is why no token was issued; `description` is a fixed sentence of ours, never what the client sent. */
export type TokenRefusal = { ok: false; error: TokenErrorCode; description: string };

/** refuseToken builds the refusal. */
export const refuseToken = (error: TokenErrorCode, description: string): TokenRefusal => ({ ok: false, error, description });

/** tokenErrorAnswer is the refusal as HTTP (RFC 6749 section 5.2): never cached, and 401 says how to authenticate. */
export function tokenErrorAnswer(refusal: TokenRefusal): {
  status: number;
  headers: Record<string, string>;
  body: { error: TokenErrorCode; error_description: string };
} {
  const challenge = refusal.error === 'invalid_client' ? { 'www-authenticate': 'Basic realm="countersign", charset="UTF-8"' } : {};
  return {
    status: tokenErrors[refusal.error],
    headers: { 'cache-control': 'no-store', pragma: 'no-cache', ...challenge },
    body: { error: refusal.error, error_description: refusal.description },
  };
}

/** TokenRequest is a well-formed request for client credentials; nothing of it is authenticated yet. `scope` undefined: all that is permitted. */
export type TokenRequest = { ok: true; clientId: string; secret: string; scope: string[] | undefined; detail: TaskDetail | undefined };

const clientLengthMax = 128;
const secretLengthMax = 256;
// RFC 6749 section 3.3, scope-token.
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const basic = /^basic +([A-Za-z0-9+/]+={0,2})$/i;

/**
 * parseTokenRequest reads the form body and the Authorization header of a token request (RFC 6749 sections 2.3.1 and 4.4, RFC 9396 section 6).
 * One way of authenticating, each parameter once, empty means absent.
 */
export function parseTokenRequest(form: string, authorizationHeader: string | undefined): TokenRequest | TokenRefusal {
  if (Buffer.byteLength(form) > tokenRequestBytesMax) return refuseToken('invalid_request', 'The request is too long.');
  const parameters = readForm(form);
  if (!parameters) return refuseToken('invalid_request', 'The form could not be read, or a parameter stands in it twice.');
  const client = readClient(parameters, authorizationHeader);
  if (!client.ok) return client;
  const grantType = parameters.get('grant_type');
  if (grantType === undefined) return refuseToken('invalid_request', 'The parameter grant_type is missing.');
  if (grantType !== 'client_credentials') return refuseToken('unsupported_grant_type', 'Only client_credentials is offered.');
  const scope = readScope(parameters.get('scope'));
  if (scope === null) return refuseToken('invalid_scope', 'A scope is a list of action types, one space between them.');
  const detail = readDetail(parameters.get('authorization_details'));
  if (detail === null) {
    return refuseToken(
      'invalid_authorization_details',
      'Send a list of one object with type countersign_task, a printable task and, if wanted, actions.',
    );
  }
  return { ...client, scope, detail };
}

type Client = { ok: true; clientId: string; secret: string };

function readClient(parameters: ReadonlyMap<string, string>, header: string | undefined): Client | TokenRefusal {
  const formId = parameters.get('client_id');
  const formSecret = parameters.get('client_secret');
  if (header === undefined) {
    if (formId === undefined || formSecret === undefined)
      return refuseToken('invalid_client', 'Authenticate with a credential id and its secret.');
    return bounded(formId, formSecret);
  }
  if (formSecret !== undefined) return refuseToken('invalid_request', 'Authenticate in one way: in the header or in the body.');
  const pair = readBasic(header);
  if (!pair) return refuseToken('invalid_client', 'The Authorization header is not a readable Basic one.');
  if (formId !== undefined && formId !== pair.clientId)
    return refuseToken('invalid_request', 'The header and the body name different clients.');
  return bounded(pair.clientId, pair.secret);
}

function bounded(clientId: string, secret: string): Client | TokenRefusal {
  if (clientId.length > clientLengthMax || secret.length > secretLengthMax || secret === '') {
    return refuseToken('invalid_client', 'The credential is unknown, or its secret is wrong, revoked or expired.');
  }
  return { ok: true, clientId, secret };
}

function readBasic(header: string): { clientId: string; secret: string } | undefined {
  const encoded = basic.exec(header)?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded) return undefined;
  const text = bytes.toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1 || !Buffer.from(text, 'utf8').equals(bytes)) return undefined;
  // RFC 6749 section 2.3.1: both parts are form-encoded before they are joined.
  const clientId = formDecode(text.slice(0, colon));
  const secret = formDecode(text.slice(colon + 1));
  return clientId === undefined || secret === undefined ? undefined : { clientId, secret };
}

function readForm(form: string): Map<string, string> | undefined {
  const parameters = new Map<string, string>();
  const seen = new Set<string>();
  for (const pair of form.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = formDecode(equals < 0 ? pair : pair.slice(0, equals));
    const value = formDecode(equals < 0 ? '' : pair.slice(equals + 1));
    if (name === undefined || value === undefined || seen.has(name)) return undefined;
    seen.add(name);
    if (value !== '') parameters.set(name, value);
  }
  return parameters;
}

function formDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function readScope(text: string | undefined): string[] | undefined | null {
  if (text === undefined) return undefined;
  const tokens = text.split(' ');
  return tokens.length <= scopeSizeMax && tokens.every((token) => scopeToken.test(token)) ? [...new Set(tokens)] : null;
}

const TaskDetails = z.array(TaskDetail).length(1);

function readDetail(text: string | undefined): TaskDetail | undefined | null {
  if (text === undefined) return undefined;
  const json = parseStrictJson(text);
  if (!json.ok) return null;
  const details = TaskDetails.safeParse(json.value);
  const detail = details.success ? details.data[0] : undefined;
  if (!detail) return null;
  // Each action once, so that what is issued is what was asked and no longer.
  return detail.actions ? { ...detail, actions: [...new Set(detail.actions)] } : detail;
}
