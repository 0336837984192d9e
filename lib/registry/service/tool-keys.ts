import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, type Actor, type Refused } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { newToolSecret } from '../domain/tool-keys';
import { NewToolKey, toolKeysPerSystemMax, type ToolKey, type ToolKeyAnswer } from '../schema/tool-keys';
import * as systems from '../store/systems';
import * as store from '../store/tool-keys';

/** What is shown once: nobody can read the secret again. */
export type IssueToolKeyOutcome = { ok: true; key: ToolKey; secret: string } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'TOO_MANY'>;

/**
 * issueToolKey gives a system a key with which its tools report calls without a receipt, and nothing else. The secret is in the answer and nowhere else.
 * TOO_MANY when 20 work already. Throws when `input` is not a NewToolKey.
 */
export function issueToolKey(actor: Actor, systemId: string, input: NewToolKey = {}): Promise<IssueToolKeyOutcome> {
  const { label } = NewToolKey.parse(input);
  return actAs(actor, 'credentials:manage', async (tx, doer): Promise<IssueToolKeyOutcome> => {
    // Held, so that two at once do not pass the limit together.
    if (!(await systems.lockSystem(tx, systemId))) return { ok: false, code: 'NOT_FOUND' };
    if ((await store.countWorkingKeys(tx, systemId)) >= toolKeysPerSystemMax) return { ok: false, code: 'TOO_MANY' };
    const { secret, secretHash } = newToolSecret();
    const key = await store.insertToolKey(tx, { id: newId('tky'), systemId, label, createdBy: doer?.id ?? actor.id, secretHash });
    await appendEvent(tx, { kind: 'tool_key.issued', actor, subject: { type: 'system', id: systemId }, data: { key: key.id } });
    return { ok: true, key, secret };
  });
}

export type RevokeToolKeyOutcome = { ok: true } | Refused<'NOT_ALLOWED' | 'NOT_FOUND' | 'ALREADY_REVOKED'>;

/** revokeToolKey ends a key: gateways refuse it within a second of the commit. */
export function revokeToolKey(actor: Actor, systemId: string, id: string): Promise<RevokeToolKeyOutcome> {
  return actAs(actor, 'credentials:manage', async (tx): Promise<RevokeToolKeyOutcome> => {
    if (!(await store.hasToolKey(tx, systemId, id))) return { ok: false, code: 'NOT_FOUND' };
    if (!(await store.revokeToolKeyRow(tx, id))) return { ok: false, code: 'ALREADY_REVOKED' };
    await appendEvent(tx, { kind: 'tool_key.revoked', actor, subject: { type: 'system', id: systemId }, data: { key: id } });
    return { ok: true };
  });
}

/** listToolKeys answers a system's keys, newest first, without anything secret. */
export const listToolKeys = (systemId: string): Promise<ToolKey[]> => store.listToolKeys(prisma(), systemId);

/** toolKeyAnswer is a key as the API says it. */
export const toolKeyAnswer = ({ createdAt, revokedAt, ...rest }: ToolKey): ToolKeyAnswer => ({
  ...rest,
  createdAt: createdAt.toISOString(),
  revokedAt: revokedAt?.toISOString() ?? null,
});
