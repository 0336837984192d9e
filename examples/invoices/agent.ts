import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readInbox, type Invoice } from './inbox';
import { Payer } from './payer';
import { State } from './state';
import { isOurs, orderOf, Work, wordsOf } from './work';
import { credentialOf, installation } from '../installation';
import { Countersign } from '../../sdk/src/index';

const usage = `The invoice agent: works through a folder of invoices, asks Countersign before every action, and pays through the payments service.

  npm run example:invoices                            all of them, in order; killed and started again, it goes on
  npm run example:invoices -- --invoice INV-2293      one of them
  npm run example:invoices -- --invoice INV-2293 --amount 62000.01 --approval apr_…
                                                      only ask: would that approval allow this amount? Pays nothing

  --inbox FOLDER   --state FILE   --task NAME   --payments URL   --gateway URL   --wait SECONDS (0: do not wait for people)`;

const text = { type: 'string' } as const;
const options = {
  invoice: text,
  amount: text,
  approval: text,
  inbox: text,
  state: text,
  task: text,
  payments: text,
  gateway: text,
  wait: text,
  help: { type: 'boolean' },
} as const;
const say = (line: string): void => console.log(line);

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

async function main(values: Values): Promise<number> {
  const here = installation();
  const inbox = readInbox(path.resolve(values.inbox ?? path.join(path.dirname(fileURLToPath(import.meta.url)), 'inbox')));
  const items = values.invoice === undefined ? inbox : inbox.filter(({ number }) => number === values.invoice);
  if (items.length === 0)
    throw new Error(`There is nothing to do${values.invoice === undefined ? '' : `: ${values.invoice} is not in the inbox`}.`);
  const waitSecondsMax = values.wait === undefined ? undefined : Number(values.wait);
  if (waitSecondsMax !== undefined && !(waitSecondsMax >= 0)) throw new Error('--wait is a number of seconds.');

  const state = new State(path.resolve(values.state ?? path.join(here.folder, 'invoices.json')), values.task);
  const url = values.gateway ?? here.gatewayUrl;
  const countersign = new Countersign({ url, ...credentialOf('agt_invoices', here), task: state.task });
  if (values.approval !== undefined) return offer(countersign, items[0], values.approval, values.amount);

  const payer = new Payer(values.payments ?? process.env['PAYMENTS_URL'] ?? 'http://127.0.0.1:4010');
  // Asked first: an approval that meets no service would be used for nothing.
  if (!(await payer.isThere()))
    throw new Error('The payments service does not answer: start it with "npm run example:payments", or say where it is with --payments.');
  const linkTo = (request: string): string => (here.consoleUrl === undefined ? request : `${here.consoleUrl}/approvals/${request}`);
  const work = new Work({ countersign, payer, state, say, linkTo, waitSecondsMax });
  say(`Task "${state.task}", ${items.length} in the inbox`);
  await work.through(items);
  if (work.stopped) {
    const { workflow, decision } = work.stopped;
    say(
      `The workflow ${workflow} is halted. A leader or security releases it${here.consoleUrl === undefined ? '' : ` at ${here.consoleUrl}/ledger/${decision}`}, or with:`,
    );
    say(`  npm run release -- ${workflow} --as liam@example.com --reason "…"`);
  }
  say(work.open === 0 ? 'Nothing is left.' : `${work.open} left open; run it again to go on.`);
  return work.open === 0 ? 0 : 1;
}

/** offer only asks whether an approval would allow an invoice, with another amount if one is given. */
async function offer(
  countersign: Countersign,
  item: ReturnType<typeof readInbox>[number] | undefined,
  approval: string,
  amount: string | undefined,
) {
  if (item?.kind !== 'invoice') throw new Error('Say which invoice the approval is offered for: --invoice NUMBER.');
  const invoice: Invoice = amount === undefined ? item : { ...item, total: { ...item.total, amount } };
  // In the same words as before, so that nothing but the amount is another.
  const decision = await countersign.check({
    ...wordsOf(item),
    action: invoice.terms === 'immediate' ? 'payments.execute' : 'payments.schedule',
    resource: { type: 'invoice', id: invoice.number },
    arguments: orderOf(invoice),
    approval,
  });
  say(`${decision.allowed ? 'allowed' : 'refused'}: ${decision.reasons.map((reason) => `${reason.code}: ${reason.text}`).join(' ')}`);
  return decision.allowed ? 0 : 1;
}

try {
  const { values } = parseArgs({ options });
  if (values.help) say(usage);
  else process.exitCode = await main(values);
} catch (error) {
  console.error(isOurs(error) || error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
