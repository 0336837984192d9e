import { listSigningKeys, rotateSigningKey } from '@/lib/identity/service';
import { operate, OperatorError, operatorOf } from '@/scripts/operator';

const usage = `The keys that sign access tokens. Needs PostgreSQL and the master key file alone.

  npm run keys -- list                  each key, from when it signs and until when it verifies
  npm run keys -- rotate [--as EMAIL]   publish the next key; it signs a few minutes later, and no token is lost

With --as the ledger names a person (administrator or security); without it, this server.`;

await operate(usage, { as: { type: 'string' } } as const, async ({ values, positionals }) => {
  const [verb, ...more] = positionals;
  if (more.length > 0 || (verb !== 'list' && verb !== 'rotate')) throw new OperatorError('Say list or rotate (--help shows how).');
  if (verb === 'list') return list();
  const outcome = await rotateSigningKey(values.as ? await operatorOf(values.as) : { type: 'system', id: 'keys' });
  if (outcome.ok) return `Published ${outcome.kid}; it signs from ${outcome.signsFrom.toISOString()}.`;
  if (outcome.code === 'NOT_ALLOWED') throw new OperatorError('Only an administrator or security rotates keys.');
  throw new OperatorError(`A rotation is running: its key signs from ${outcome.signsFrom.toISOString()}; rotate again after that.`);
});

async function list(): Promise<string> {
  const now = new Date();
  const keys = await listSigningKeys();
  if (keys.length === 0) return 'There is no key yet: npm run keys -- rotate';
  return keys
    .map(
      (key) =>
        `${key.kid}  ${state(key, now)}  signs from ${day(key.signsFrom)} until ${day(key.signsUntil)}, verifies until ${day(key.verifiesUntil)}`,
    )
    .join('\n');
}

function day(at: Date | null): string {
  return at?.toISOString() ?? 'further notice';
}

function state(key: { signsFrom: Date; signsUntil: Date | null; verifiesUntil: Date | null }, now: Date): string {
  if (key.verifiesUntil && key.verifiesUntil <= now) return 'over';
  if (key.signsFrom > now) return 'next';
  return key.signsUntil && key.signsUntil <= now ? 'verifies' : 'signs';
}
