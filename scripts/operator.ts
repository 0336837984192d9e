import { parseArgs, type ParseArgsConfig } from 'node:util';
import { findUserByEmail, type PersonActor } from '@/lib/people/service';
import { closeClients } from '@/lib/platform/db';

/** OperatorError is a reason not to go on that the person at the command line can act on: shown as its one sentence, with no stack. */
export class OperatorError extends Error {}

type Options = NonNullable<ParseArgsConfig['options']>;
type Given<Chosen extends Options> = ReturnType<typeof parseArgs<{ options: Chosen; allowPositionals: true }>>;

/**
 * operate runs one command-line door: `--help` prints `usage`; what `work` answers goes to standard output; whatever goes wrong is one sentence on
 * standard error and exit code 1. It needs PostgreSQL alone, never the three processes.
 */
export async function operate<const Chosen extends Options>(
  usage: string,
  options: Chosen,
  work: (given: Given<Chosen>) => Promise<string>,
): Promise<void> {
  try {
    const argv = process.argv.slice(2);
    if (argv.length === 0 || argv.includes('--help') || argv.includes('-h')) {
      console.log(usage);
      return;
    }
    const given = read(options, argv);
    // What an event causes is looked up inside its transaction; loading it there takes seconds of the five it has, on a machine that is busy.
    await import('@/lib/wiring');
    console.log(await work(given));
  } catch (error) {
    console.error(sentence(error));
    process.exitCode = 1;
  } finally {
    await closeClients();
  }
}

function read<const Chosen extends Options>(options: Chosen, args: string[]): Given<Chosen> {
  try {
    return parseArgs<{ options: Chosen; allowPositionals: true; args: string[] }>({ options, args, allowPositionals: true });
  } catch (error) {
    throw new OperatorError(`${firstLine(error)} (--help shows how).`);
  }
}

/** operatorOf is the person of `--as EMAIL`, as an actor: the ledger names them, whoever owns this shell. */
export async function operatorOf(email: string | undefined): Promise<PersonActor> {
  if (!email) throw new OperatorError('Say who you are with --as EMAIL: the ledger names a person.');
  const user = await findUserByEmail(email);
  if (user?.status !== 'active') throw new OperatorError(`There is no active person with the e-mail ${email}.`);
  return { type: 'operator', id: user.id };
}

const unreachable =
  /ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|P1001|P1002|P1008|P1017|P2024|Can't reach database|Connection terminated|timeout exceeded|the database system is/;

function sentence(error: unknown): string {
  if (error instanceof OperatorError) return error.message;
  const text =
    error instanceof Error ? `${error.message} ${'code' in error ? String(error.code) : ''} ${String(error.cause ?? '')}` : String(error);
  if (unreachable.test(text)) return 'PostgreSQL cannot be reached; is "npm start" (or your own server) running?';
  return `It did not work: ${firstLine(error)}.`;
}

function firstLine(error: unknown): string {
  const lines = (error instanceof Error ? error.message : String(error)).split('\n').map((line) => line.trim());
  return (lines.filter((line) => line !== '').at(-1) ?? 'unknown').replace(/\.$/, '');
}
