import { findAgent, findProcess } from '@/lib/registry/service';
import type { Tx } from '@/lib/people/service';
import { currencyProblems } from '../domain/drafting';
import { compilePolicies } from '../domain/policy-set';
import type { DocumentProblem, Policy, PublishRefusal, RateTable } from '../schema';
import * as store from '../store';

/** What gateways compare with while there is no rate table: nothing but the base currency itself. */
const noRates: RateTable = { base: 'USD', asOf: '1970-01-01', rates: {} };

type Draft = Pick<store.DraftRow, 'id' | 'version' | 'document' | 'basedOn'>;

/**
 * whyNotPublish says why this document cannot be put in force as things are: another version came meanwhile, or no gateway could decide by it.
 * `published` is the version in force, or the last that was, read under the policy's lock.
 */
export async function whyNotPublish(tx: Tx, draft: Draft, published: store.VersionRow | undefined): Promise<PublishRefusal | undefined> {
  const inForce = published?.status === 'active' ? published.version : null;
  if (published && (inForce !== draft.basedOn || published.version >= draft.version)) return { ok: false, code: 'VERSION_CAME', inForce };
  const rates = (await store.findLatestRates(tx)) ?? noRates;
  const problems = [...(await selectorProblems(tx, draft.document)), ...currencyProblems(draft.document, rates)];
  if (problems.length > 0) return { ok: false, code: 'INVALID', problems };
  const broken = compileProblem(draft.document, rates);
  return broken === undefined ? undefined : { ok: false, code: 'INVALID', problems: [{ pointer: '', detail: broken }] };
}

async function selectorProblems(tx: Tx, { selector }: Policy): Promise<DocumentProblem[]> {
  if (selector.level === 'agent' && !(await findAgent(selector.agent, tx)))
    return [{ pointer: '/selector/agent', detail: 'There is no such agent.' }];
  if (selector.level === 'process' && !(await findProcess(selector.process, tx)))
    return [{ pointer: '/selector/process', detail: 'There is no such process.' }];
  return [];
}

/**
 * A set that does not compile would stop every gateway. What keeps one from compiling is said of each policy by itself (ids are unique in the database),
 * so the others, which decide already, need not be read again.
 */
function compileProblem(policy: Policy, rates: RateTable): string | undefined {
  try {
    compilePolicies([policy], rates);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'No gateway could decide by this policy.';
  }
}
