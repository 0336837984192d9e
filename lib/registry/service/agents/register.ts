import { newId } from '@/lib/kernel/ids';
import { appendEvent } from '@/lib/ledger/service';
import { actAs, type Actor, type Refused } from '@/lib/people/service';
import { NewAgent, type Agent, type RecordRefusal } from '../../schema';
import * as store from '../../store/agents';
import { findProcess } from '../../store/processes';
import { whyNotRecord } from './fields';

export type RegisterOutcome = { ok: true; agent: Agent } | Refused<'NOT_ALLOWED' | RecordRefusal>;

/**
 * registerAgent records a draft agent with all it may ever ask for. Its owner (the process's, unless named) answers for it, and is never the
 * person who registers it. Throws when `input` is not a NewAgent.
 */
export function registerAgent(actor: Actor, input: NewAgent): Promise<RegisterOutcome> {
  const { id = newId('agt'), ownerId: named, permissions, ...rest } = NewAgent.parse(input);
  return actAs(actor, 'agents:register', async (tx, doer): Promise<RegisterOutcome> => {
    const process = await findProcess(tx, rest.processId);
    if (!process) return { ok: false, code: 'PROCESS_UNKNOWN' };
    const editors = doer ? [doer.personId] : [];
    const fields = { ...rest, ownerId: named ?? process.ownerId, permissions: [...new Set(permissions)] };
    const refusal = await whyNotRecord(tx, fields, editors);
    if (refusal) return { ok: false, code: refusal };
    if (!(await store.insertAgent(tx, { id, ...fields, registeredBy: doer?.id ?? null, editors }))) return { ok: false, code: 'ID_TAKEN' };
    const { sponsorId, environment, riskCategory, autonomyFloor } = fields;
    const data = {
      process: process.id,
      owner: fields.ownerId,
      ...(sponsorId === null ? {} : { sponsor: sponsorId }),
      environment,
      risk_category: riskCategory,
      autonomy_floor: autonomyFloor,
      permissions: fields.permissions,
    };
    await appendEvent(tx, { kind: 'agent.registered', actor, subject: { type: 'agent', id }, data });
    const created = await store.findAgent(tx, id);
    return created ? { ok: true, agent: created } : { ok: false, code: 'ID_TAKEN' };
  });
}
