import { randomBytes } from 'node:crypto';
import { isUsable } from '@/lib/identity/domain';
import { issueCredential, listCredentials, listSigningKeys, revokeCredential, rotateSigningKey } from '@/lib/identity/service';
import { createTeam, createUser, listUsers, type PersonActor, type SystemActor } from '@/lib/people/service';
import { webEnv } from '@/lib/platform/env';
import { baselinePolicies, baselineRates } from '@/lib/policy/shipped';
import { publishPolicy, publishRates } from '@/lib/policy/service';
import { readMatrix } from '@/lib/raci/reading';
import { changeMatrix } from '@/lib/raci/service';
import {
  activateAgent,
  approveAgent,
  classifyActionType,
  createProcess,
  createSystem,
  findAgent,
  registerAgent,
  submitAgent,
} from '@/lib/registry/service';
import * as sample from './seed/sample';
import { SampleSecrets } from './seed/secrets';

const setup: SystemActor = { type: 'system', id: 'setup' };
const passwordBytes = 15;
const daySeconds = 24 * 3600;

/** ensureSigningKey makes the first key to sign tokens with, where there is none. */
export async function ensureSigningKey(): Promise<void> {
  if ((await listSigningKeys()).length === 0) done(await rotateSigningKey(setup));
}

/** samplePassword is how to sign in as a sample's person, where this installation has loaded one. */
export function samplePassword(): SeedOutcome['signIn'] {
  const people = new SampleSecrets(webEnv().SECRETS_DIR).people();
  return people?.complete ? { email: sample.firstSignIn, password: people.password } : undefined;
}

export type SeedOutcome = { loaded: boolean; signIn?: { email: string; password: string } };

/**
 * seedIfEmpty makes sure that there is a key to sign tokens with, and loads the story `small` into a database without people, through the
 * same use cases as everything else. Cut off half way, the next call finishes it. `signIn` is a sample person's, where their password is known here.
 */
export async function seedIfEmpty(): Promise<SeedOutcome> {
  await ensureSigningKey();
  const secrets = new SampleSecrets(webEnv().SECRETS_DIR);
  const begun = secrets.people();
  const empty = (await listUsers()).length === 0;
  const load = empty || begun?.complete === false;
  if (!load) return { loaded: false, ...(begun ? { signIn: { email: sample.firstSignIn, password: begun.password } } : {}) };

  // Kept before it is used: what was loaded must never be behind a password nobody has.
  const password = (!empty && begun?.password) || randomBytes(passwordBytes).toString('base64url');
  const kept = { password, emails: sample.people.map(({ email }) => email) };
  secrets.savePeople({ ...kept, complete: false });
  await loadSample(password, secrets);
  secrets.savePeople({ ...kept, complete: true });
  return { loaded: true, signIn: { email: sample.firstSignIn, password } };
}

async function loadSample(password: string, secrets: SampleSecrets): Promise<void> {
  for (const { roles, ...person } of sample.people)
    done(await createUser(setup, { ...person, roles: [...roles], password }), 'EMAIL_TAKEN');
  for (const team of sample.teams) done(await createTeam(setup, team), 'NAME_TAKEN');
  await publishRates(setup, baselineRates());
  for (const policy of baselinePolicies()) done(await publishPolicy(setup, policy), 'VERSION_NOT_NEXT');
  done(await createSystem(setup, sample.system), 'ID_TAKEN');
  done(await createProcess(setup, sample.businessProcess), 'ID_TAKEN');
  await fillMatrix();
  for (const actionType of [...sample.compensations, ...sample.actionTypes]) done(await classifyActionType(setup, actionType));
  await bringToLife(secrets);
}

async function fillMatrix(): Promise<void> {
  const { id } = sample.businessProcess;
  const shown = (await readMatrix(id))?.rows ?? [];
  done(await changeMatrix(setup, id, { shown, rows: [...sample.matrix] }));
}

/** The sample agent takes the way of every agent: registered, handed over, reviewed by another, given a secret, activated by who answers for it. */
async function bringToLife(secrets: SampleSecrets): Promise<void> {
  const { agent, lifecycle } = sample;
  const by = (id: string): PersonActor => ({ type: 'operator', id });
  const nextReviewOn = new Date(Date.now() + sample.reviewEveryDays * daySeconds * 1000).toISOString().slice(0, 10);
  const status = async () => (await findAgent(agent.id))?.status;
  done(await registerAgent(by(lifecycle.author), { ...agent, nextReviewOn }), 'ID_TAKEN');
  if ((await status()) === 'draft') done(await submitAgent(by(lifecycle.author), agent.id));
  if ((await status()) === 'in_review') done(await approveAgent(by(lifecycle.reviewer), agent.id));
  await giveSecret(agent.id, secrets);
  if ((await status()) === 'approved') done(await activateAgent(by(lifecycle.owner), agent.id));
}

/** A secret whose file was never written is of no use to anybody: it is revoked, and a fresh one takes its place. */
async function giveSecret(agentId: string, secrets: SampleSecrets): Promise<void> {
  const live = (await listCredentials(agentId)).filter((credential) => isUsable(credential, new Date()));
  const known = secrets.agents()[agentId];
  if (known && live.some(({ id }) => id === known.clientId)) return;
  for (const { id } of live) done(await revokeCredential(setup, id), 'ALREADY_REVOKED');
  const issued = done(await issueCredential(setup, agentId));
  secrets.saveAgent(agentId, { clientId: issued.credential.id, secret: issued.secret });
}

/** done answers what a use case did; of its refusals only those that mean "it is there already" are fine. */
function done<Outcome extends { ok: true } | { ok: false; code: string }>(outcome: Outcome): Extract<Outcome, { ok: true }>;
function done<Outcome extends { ok: true } | { ok: false; code: string }>(outcome: Outcome, alreadyThere: string): Outcome;
function done(outcome: { ok: true } | { ok: false; code: string }, alreadyThere?: string): unknown {
  if (!outcome.ok && outcome.code !== alreadyThere) throw new Error(`The sample could not be loaded: ${outcome.code}.`);
  return outcome;
}
