import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What an example has to know of the Countersign it runs against. */
export type Installation = { gatewayUrl: string; consoleUrl: string | undefined; secretsFolder: string; folder: string };
export type Credential = { clientId: string; clientSecret: string };

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function readObject(file: string): Record<string, unknown> {
  const value: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** installation finds what `npm start` runs here: from GATEWAY_URL, PUBLIC_URL and SECRETS_DIR where they are set, else from what it left in its data folder. */
export function installation(): Installation {
  const home = path.resolve(process.env['COUNTERSIGN_DATA_DIR'] || '.data');
  const kept = readObject(path.join(home, 'secrets', 'env.json'));
  const told = (name: string): string | undefined => text(process.env[name]) ?? text(kept[name]);
  return {
    gatewayUrl: told('GATEWAY_URL') ?? 'http://127.0.0.1:4000',
    consoleUrl: told('PUBLIC_URL'),
    secretsFolder: told('SECRETS_DIR') ?? path.join(home, 'secrets'),
    folder: path.join(home, 'examples'),
  };
}

/** credentialOf is an agent's: COUNTERSIGN_CLIENT_ID and COUNTERSIGN_CLIENT_SECRET, or that of the sample's agent. Throws one sentence. */
export function credentialOf(agent: string, { secretsFolder }: Installation): Credential {
  const [clientId, clientSecret] = [text(process.env['COUNTERSIGN_CLIENT_ID']), text(process.env['COUNTERSIGN_CLIENT_SECRET'])];
  if (clientId !== undefined && clientSecret !== undefined) return { clientId, clientSecret };
  const kept = readObject(path.join(secretsFolder, 'agents.json'))[agent];
  const sample = typeof kept === 'object' && kept !== null ? { ...kept } : {};
  const [id, secret] = [text('clientId' in sample ? sample.clientId : undefined), text('secret' in sample ? sample.secret : undefined)];
  if (id === undefined || secret === undefined)
    throw new Error(
      `There is no credential for ${agent}: start Countersign with "npm start", or set COUNTERSIGN_CLIENT_ID and COUNTERSIGN_CLIENT_SECRET.`,
    );
  return { clientId: id, clientSecret: secret };
}
