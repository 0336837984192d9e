import { Reason, type Resumption } from '@/lib/containment/schema';
import { askResumption, listResumptions, signResumption } from '@/lib/containment/service';
import type { Divergence } from '@/lib/ledger/schema';
import { compareWithOutside, divergenceOf, type Comparison } from '@/lib/ledger/service/divergence';
import { isResumable } from '@/lib/ledger/service/outside';
import { findUser } from '@/lib/people/service';
import { withClient } from '@/lib/platform/db';
import { outsideEnv } from '@/lib/platform/env';
import { operate, OperatorError, operatorOf } from '@/scripts/operator';

const usage = `Lets locked gateways go on after the restore of an older backup. Needs PostgreSQL and the directory of checkpoints alone.

  npm run resume -- --list                                what the database lacks, and what was asked and signed
  npm run resume -- --as EMAIL --reason TEXT              ask for it: says what is lost, and how a second person signs
  npm run resume -- --sign ID --as EMAIL --reason TEXT    sign what somebody else asked in the console; the gateways decide again within two seconds

It takes two people, each a leader or security. Nobody signs in at the command line, so one of the two asks or signs in the console (Containment). Put the right database back instead, if you have it: then nothing needs to be resumed. What is lost
stays lost: stops, approvals and suspensions of those rows are to be set again by hand BEFORE signing.`;

const options = {
  sign: { type: 'string' },
  list: { type: 'boolean' },
  reason: { type: 'string' },
  as: { type: 'string' },
} as const;

const refusals = {
  NOT_ALLOWED: 'Only a leader or security resumes; the gateways stay locked.',
  NOT_LOCKED: 'No gateway is locked by that.',
  NOT_FOUND: 'Nobody asked for that; --list shows what was asked.',
  ALREADY_RESUMED: 'Two people have signed this already.',
  SAME_PERSON: 'Whoever asked cannot sign, with no account of theirs: ask a second person.',
  ASKER_GONE: 'Who asked has left, or is no leader or security any more, so their word does not count: somebody else asks anew.',
  OPERATOR_TWICE:
    'This was asked at the command line, where nobody signs in: the second person signs in the console, or asks there and this is signed here.',
} as const;

await operate(usage, options, async ({ values, positionals }) => {
  if (positionals.length > 0) throw new OperatorError(`What is "${positionals[0]}"? (--help shows how.)`);
  if (values.list) return list();
  const reason = Reason.safeParse(values.reason);
  if (!reason.success) throw new OperatorError('Say why with --reason "…": it is kept, encrypted, beside the ledger.');
  const actor = await operatorOf(values.as);
  if (values.sign !== undefined) {
    const outcome = await signResumption(actor, { id: values.sign, reason: reason.data });
    if (!outcome.ok) throw new OperatorError(refusals[outcome.code]);
    return `Signed: ${outcome.resumption.id}. The gateways that are locked by the checkpoint of row ${outcome.resumption.outsideSize} decide again.`;
  }
  const divergence = await differing();
  const outcome = await askResumption(actor, { divergence, reason: reason.data });
  if (!outcome.ok) throw new OperatorError(refusals[outcome.code]);
  const { id } = outcome.resumption;
  const asked = outcome.already ? `You asked for this before: ${id}.` : `Asked: ${id}.`;
  return `${lossOf(divergence)}\n${asked} A second person signs in the console: Containment, or the line at the top of every page.`;
});

/** What differs, found from the first row on; in one sentence why there is nothing to ask. */
async function differing(): Promise<Divergence> {
  const found = await look();
  if (found === undefined) throw new OperatorError('The database agrees with what was handed outside: there is nothing to resume.');
  if ('detail' in found) throw new OperatorError(`This cannot be resumed: ${found.detail}. Put it right first.`);
  return found;
}

function look(): Promise<Divergence | { detail: string } | undefined> {
  const env = outsideEnv();
  return withClient(env.DATABASE_URL_WEB, async (client) => {
    const compared: Comparison = await compareWithOutside(client, { directory: env.CHECKPOINT_DIR, vkey: env.CHECKPOINT_VKEY });
    if (compared.agrees) return undefined;
    return isResumable(compared.refusal) ? divergenceOf(client, compared.outside) : compared.refusal;
  });
}

function lossOf({ refused, outside, kept, head }: Divergence): string {
  if (refused === 'gone')
    return [
      `Nothing lies in the directory of checkpoints. The database remembers having handed row ${outside.size} outside (${outside.at}), and ends at row ${head.size} (${head.at ?? 'no time'}).`,
      'How old it is cannot be told. Mount the right directory, or put a copy of it back, if there is one.',
    ].join('\n');
  const lost = `rows ${BigInt(kept.size) + 1n} to ${outside.size}`;
  return [
    refused === 'behind'
      ? `The database ends at row ${head.size} (${head.at ?? 'no time'}), and row ${outside.size} was handed outside (${outside.at}).`
      : `The database holds other rows than those that were handed outside up to row ${outside.size} (${outside.at}).`,
    `It agrees with what was signed up to row ${kept.size} (${kept.at ?? 'no time'}); of ${lost} it holds others, or none.`,
  ].join('\n');
}

async function list(): Promise<string> {
  const found = await look();
  const state =
    found === undefined
      ? 'The database agrees with what was handed outside.'
      : 'detail' in found
        ? `Locked: ${found.detail}.`
        : lossOf(found);
  return [state, ...(await Promise.all((await listResumptions()).map(line)))].join('\n');
}

async function line(resumption: Resumption): Promise<string> {
  const name = async (id: string) => (await findUser(id))?.name ?? id;
  const { id, outsideSize, askedBy, askedAt, reason, signedBy, signedAt } = resumption;
  const signed = signedBy && signedAt ? `signed ${signedAt.toISOString()} by ${await name(signedBy)}` : 'waits for a second person';
  return `${id}  checkpoint of row ${outsideSize}  asked ${askedAt.toISOString()} by ${await name(askedBy)}: ${reason}; ${signed}`;
}
