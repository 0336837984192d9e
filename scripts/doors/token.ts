import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { ownerEnv } from '@/lib/platform/env';
import { door } from '@/scripts/doors/door';

const Secrets = z.record(z.string(), z.object({ clientId: z.string(), secret: z.string() }));
const Answer = z.object({ access_token: z.string() });
const timeoutMs = 10_000;

/** `npm run --silent token -- AGENT`: a fresh access token of a sample agent (RFC 6749 section 4.4, client_secret_basic). */
await door(async () => {
  const agent = process.argv[2];
  const { SECRETS_DIR, GATEWAY_URL } = ownerEnv();
  const file = path.join(SECRETS_DIR, 'agents.json');
  const secrets = existsSync(file) ? Secrets.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  const known = Object.keys(secrets).join(', ') || 'none';
  if (!agent) throw new Error(`Say which agent: npm run --silent token -- AGENT (known here: ${known}).`);
  const credential = secrets[agent];
  if (!credential) throw new Error(`The secret of ${agent} is not kept here (known: ${known}); only sample agents' are.`);
  const basic = [credential.clientId, credential.secret].map(encodeURIComponent).join(':');
  const response = await fetch(`${GATEWAY_URL}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(basic).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: unknown) => {
    throw new Error(`The gateway at ${GATEWAY_URL} does not answer; is "npm start" running?`, { cause: error });
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`The gateway gave no token for ${agent} (status ${response.status}): ${text}`);
  return Answer.parse(JSON.parse(text)).access_token;
});
