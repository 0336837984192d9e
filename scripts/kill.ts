import { KillScope, Reason, wholeOrganisation, type KillReach, type KillSwitch } from '@/lib/containment/schema';
import { killReach, liftKill, listKills, setKill } from '@/lib/containment/service';
import { findUser } from '@/lib/people/service';
import { operate, OperatorError, operatorOf } from '@/scripts/operator';

const usage = `Stops agents at once, and lifts a stop. Needs PostgreSQL alone.

  npm run kill -- --agent ID        --reason TEXT --as EMAIL   stop one agent
  npm run kill -- --process ID      --reason TEXT --as EMAIL   stop every agent of a business process
  npm run kill -- --action-type NAME --reason TEXT --as EMAIL  stop one action, whoever asks for it
  npm run kill -- --system ID       --reason TEXT --as EMAIL   stop every action on a system
  npm run kill -- --organisation    --reason TEXT --as EMAIL   stop everything
  npm run kill -- --lift ID         --reason TEXT --as EMAIL   lift a stop (not by the person who set it)
  npm run kill -- --list [--all]                               what is stopped now, or ever was

A process owner stops their own processes and agents; a leader or security stops anything; a leader or security lifts.`;

const options = {
  agent: { type: 'string' },
  process: { type: 'string' },
  'action-type': { type: 'string' },
  system: { type: 'string' },
  organisation: { type: 'boolean' },
  lift: { type: 'string' },
  list: { type: 'boolean' },
  all: { type: 'boolean' },
  reason: { type: 'string' },
  as: { type: 'string' },
} as const;

const refusals = {
  NOT_ALLOWED: 'This person may not do that; a process owner reaches their own processes only, and a lift takes a leader or security.',
  SOURCE_UNKNOWN: 'There is no such finding or decision, or the report lies in the future or too far back; nothing was changed.',
  TARGET_UNKNOWN: 'There is no such thing to stop; nothing was changed.',
  NOT_FOUND: 'There is no such stop; --list shows those in force.',
  ALREADY_LIFTED: 'That stop has been lifted already.',
  SAME_PERSON: 'Whoever set a stop cannot lift it: ask a second person.',
} as const;

/** How long the command waits for gateways to acknowledge. */
const waitMs = 5_000;
const lookMs = 50;

await operate(usage, options, async ({ values, positionals }) => {
  if (positionals.length > 0)
    throw new OperatorError(`What is "${positionals[0]}"? Say what to stop, such as --agent ${positionals[0]} (--help shows how).`);
  if (values.list) return list(values.all ?? false);
  const targets = KillScope.options.flatMap((scope) => {
    const given =
      scope === 'organisation' ? values.organisation && wholeOrganisation : values[scope === 'action_type' ? 'action-type' : scope];
    return given ? [{ scope, target: given }] : [];
  });
  const [first] = targets;
  if (targets.length + (values.lift ? 1 : 0) !== 1) throw new OperatorError('Say exactly one thing to stop or to lift (--help shows how).');
  const reason = Reason.safeParse(values.reason);
  if (!reason.success) throw new OperatorError('Say why with --reason "…": it is kept, encrypted, beside the ledger.');
  const actor = await operatorOf(values.as);
  if (first) {
    const outcome = await setKill(actor, { ...first, reason: reason.data });
    if (!outcome.ok) throw new OperatorError(refusals[outcome.code]);
    const { kill, already } = outcome;
    // Said before the gateways are waited for: from here on nothing is allowed.
    console.log(`${already ? 'Already stopped' : 'Stopped'}: ${what(kill)} (${kill.id}).`);
    return `${await acknowledged(kill)}\nAnother person lifts it with: npm run kill -- --lift ${kill.id} --reason "…" --as EMAIL`;
  }
  const outcome = await liftKill(actor, { id: values.lift ?? '', reason: reason.data });
  if (!outcome.ok) throw new OperatorError(refusals[outcome.code]);
  return `Lifted: ${what(outcome.kill)} (${outcome.kill.id}).`;
});

async function acknowledged(kill: KillSwitch): Promise<string> {
  const until = Date.now() + waitMs;
  for (;;) {
    const reach = await killReach(kill);
    if (reach.committedAt && (reach.all || Date.now() >= until)) return tell(reach);
    if (Date.now() >= until) return 'Its ledger row cannot be found yet; --list shows it.';
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

function tell({ gateways, all, lastMs }: KillReach): string {
  if (gateways.length === 0) return 'No gateway is alive, so no agent is being answered at all.';
  const lines = gateways.map(({ name, ms, seenAt }) =>
    ms === null ? `  ${name}  SILENT, last heard of ${seenAt.toISOString()}` : `  ${name}  acknowledged after ${ms} ms`,
  );
  const head = all
    ? `${gateways.length === 1 ? 'The gateway' : `All ${gateways.length} gateways`} acknowledged${gateways.length === 1 ? '' : ', the last'} after ${lastMs ?? 0} ms:`
    : 'Not every gateway has acknowledged. A silent one allows nothing either: each of its decisions is compared with the ledger first.';
  return [head, ...lines].join('\n');
}

function what({ scope, target }: Pick<KillSwitch, 'scope' | 'target'>): string {
  return scope === 'organisation' ? 'the whole organisation' : `${scope.replace('_', ' ')} ${target}`;
}

async function list(all: boolean): Promise<string> {
  const kills = await listKills(all);
  if (kills.length === 0) return all ? 'Nothing was ever stopped.' : 'Nothing is stopped.';
  return (await Promise.all(kills.map(line))).join('\n');
}

async function line(kill: KillSwitch): Promise<string> {
  const name = async (id: string) => (await findUser(id))?.name ?? id;
  const lifted =
    kill.liftedAt && kill.liftedBy
      ? `; lifted ${kill.liftedAt.toISOString()} by ${await name(kill.liftedBy)}: ${kill.liftReason ?? ''}`
      : '';
  return `${kill.id}  ${what(kill)}  set ${kill.setAt.toISOString()} by ${await name(kill.setBy)}: ${kill.reason}${lifted}`;
}
