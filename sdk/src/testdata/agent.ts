import { AlreadyDone, Countersign, receiptHeader } from '../index';

/**
 * One run of an agent, as a process to be killed: `agent.ts EFFECT AMOUNT`. Prints a line for whatever happens; what it needs to know is in its
 * environment. Its tool is an HTTP service that takes each decision once.
 */
const { URL: url = '', CLIENT_ID: clientId = '', CLIENT_SECRET: clientSecret = '', TOOL_URL: toolUrl = '', TASK: task = '' } = process.env;
const [effect = '', amount = ''] = process.argv.slice(2);
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

const client = new Countersign({ url, clientId, clientSecret, task });
const pay = client.guard<{ amount: string; currency: string }, string>(
  async (args, { receipt }) => {
    say('paying');
    const response = await fetch(toolUrl, { method: 'POST', headers: { [receiptHeader]: receipt }, body: JSON.stringify(args) });
    const text = await response.text();
    if (response.status === 409) throw new AlreadyDone('done before');
    if (!response.ok) throw new Error(text);
    return text;
  },
  { action: 'payments.schedule', effect: () => effect, idempotent: true, onWaiting: ({ id }) => say(`waiting ${id}`) },
);
try {
  say(`ended ${await pay({ amount, currency: 'USD' })}`);
} catch (error) {
  say(`ended ${error instanceof Error ? error.name : 'strangely'}`);
}
