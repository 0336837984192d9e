import pino from 'pino';
import { processEnv } from '@/lib/platform/env';

const secretKeys = [
  'authorization',
  'cookie',
  'secret',
  'client_secret',
  'clientSecret',
  'password',
  'token',
  'access_token',
  'accessToken',
  'arguments',
];

/** redactedPaths hides each secret key at the top and up to three levels down; pino has no deep wildcard. */
const redactedPaths = secretKeys.flatMap((key) => ['', '*.', '*.*.', '*.*.*.'].map((prefix) => prefix + key));

/** createLog makes a JSON logger of one process or part; secrets and tool arguments are replaced by "[hidden]". */
export function createLog(name: string, destination?: pino.DestinationStream): pino.Logger {
  const options = { name, level: processEnv().LOG_LEVEL, base: { name }, redact: { paths: redactedPaths, censor: '[hidden]' } };
  return destination ? pino(options, destination) : pino(options);
}
