import { may } from '@/lib/people/permissions';
import type { User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { holderWords } from '../domain/statements';
import type { Policy } from '../schema';
import * as store from '../store';
import { readNaming } from './naming';
import { draftStateOf, readEverybody, signBlockOf, standingOf, type Everybody } from './people';
import { policiesListMax, type PolicyItem, type PolicyNaming, type Step } from './schema';

type Rows = { inForce: store.VersionRow | undefined; draft: store.DraftRow | undefined; signatures: store.SignatureRow[] };

/** listPolicies answers every policy that is in force or being written: guardrails first, then by name. */
export async function listPolicies(viewer: User): Promise<PolicyItem[]> {
  const [inForce, drafts, everybody] = await Promise.all([
    store.listInForce(prisma(), policiesListMax),
    store.listDrafts(prisma(), policiesListMax),
    readEverybody(),
  ]);
  const signatures = await store.listSignaturesOf(
    prisma(),
    drafts.map(({ id }) => id),
  );
  const naming = await readNaming([...inForce, ...drafts].map(({ document }) => document));
  const ids = [...new Set([...inForce, ...drafts].map(({ id }) => id))];
  return ids
    .flatMap((id) => {
      const draft = drafts.find((one) => one.id === id);
      const own = signatures.filter(({ policyId, version }) => policyId === id && version === draft?.version);
      return itemOf(viewer, everybody, naming, { inForce: inForce.find((one) => one.id === id), draft, signatures: own });
    })
    .toSorted(byKindThenName);
}

function itemOf(viewer: User, everybody: Everybody, naming: PolicyNaming, { inForce, draft, signatures }: Rows): PolicyItem[] {
  const document: Policy | undefined = (inForce ?? draft)?.document;
  if (!document) return [];
  const { id, name, kind, baseline, selector } = document;
  const holder = selector.level === 'process' ? selector.process : selector.level === 'agent' ? selector.agent : '';
  return [
    {
      id,
      name,
      kind,
      baseline: baseline ?? false,
      for: holderWords(selector, naming.holders[holder] ?? null),
      actions: selector.actions,
      inForce: inForce ? { version: inForce.version, since: inForce.publishedAt?.toISOString() ?? null } : null,
      draft: draft ? draftStateOf(everybody, draft, signatures) : null,
      step: stepOf(viewer, everybody, draft, signatures),
    },
  ];
}

function stepOf(viewer: User, everybody: Everybody, draft: store.DraftRow | undefined, signatures: store.SignatureRow[]): Step {
  if (!draft) return may(viewer, 'policy:edit') ? 'start' : 'look';
  if (draft.status === 'draft') return may(viewer, 'policy:edit') ? 'edit' : 'look';
  return signBlockOf(viewer, draft, standingOf(everybody, draft, signatures)) === null ? 'sign' : 'look';
}

const byKindThenName = (left: PolicyItem, right: PolicyItem): number =>
  left.kind === right.kind ? left.name.localeCompare(right.name, 'en') : left.kind === 'guardrail' ? -1 : 1;
