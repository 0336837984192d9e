import { Reason } from '@/lib/containment/schema';
import { listHalts, releaseWorkflow } from '@/lib/containment/service';
import { operate, OperatorError, operatorOf } from '@/scripts/operator';

const usage = `Lets a halted workflow go on. Needs PostgreSQL alone.

  npm run release -- WORKFLOW --reason TEXT --as EMAIL   release it (a leader or security)
  npm run release -- --list                              which workflows are halted now

The action that halted it stays refused; later ones are decided again. That the one action happens once takes two people, in the console.`;

const options = { reason: { type: 'string' }, as: { type: 'string' }, list: { type: 'boolean' } } as const;

const refusals = {
  NOT_ALLOWED: 'Only a leader or security releases a halted workflow.',
  NOT_HALTED: 'That workflow is not halted; --list shows those that are.',
} as const;

await operate(usage, options, async ({ values, positionals }) => {
  if (values.list) return list();
  const [workflowId, ...more] = positionals;
  if (!workflowId || more.length > 0) throw new OperatorError('Say which one workflow to release (--help shows how).');
  const reason = Reason.safeParse(values.reason);
  if (!reason.success) throw new OperatorError('Say why with --reason "…": it is kept, encrypted, beside the ledger.');
  const outcome = await releaseWorkflow(await operatorOf(values.as), { workflowId, reason: reason.data });
  if (!outcome.ok) throw new OperatorError(refusals[outcome.code]);
  return `Released: ${workflowId}, halted by ${outcome.decisions.join(', ')}.`;
});

async function list(): Promise<string> {
  const halts = await listHalts();
  if (halts.length === 0) return 'No workflow is halted.';
  return halts
    .map((halt) => `${halt.workflowId}  agent ${halt.agentId}  halted ${halt.haltedAt.toISOString()} by ${halt.decisionId}`)
    .join('\n');
}
