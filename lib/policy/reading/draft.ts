import { may } from '@/lib/people/permissions';
import type { User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { listFilterOptions } from '@/lib/registry/reading';
import { listActionTypes, listProcesses } from '@/lib/registry/service';
import { SIGNATURES_NEEDED } from '../domain/drafting';
import { documentDigest, revisionOf } from '../service/digests';
import type { RateTable } from '../schema';
import * as store from '../store';
import { readNaming } from './naming';
import { nameOf, personNames, readEverybody, signBlockOf, standingOf } from './people';
import type { DraftPage, FormOptions } from './schema';

/** readDraft answers the draft of a policy as this person sees it, or undefined when there is none. */
export async function readDraft(viewer: User, id: string): Promise<DraftPage | undefined> {
  const draft = await store.findDraft(prisma(), id);
  if (!draft) return undefined;
  const [published, signatures, everybody] = await Promise.all([
    store.findPublished(prisma(), id),
    store.listSignatures(prisma(), id, draft.version),
    readEverybody(),
  ]);
  const inForce = published?.status === 'active' ? { version: published.version, document: published.document } : null;
  const standing = standingOf(everybody, draft, signatures);
  return {
    id,
    version: draft.version,
    status: draft.status,
    revision: revisionOf(draft),
    digest: documentDigest(draft.document),
    document: draft.document,
    note: draft.note,
    basedOn: draft.basedOn,
    changedAt: draft.changedAt.toISOString(),
    editors: personNames(everybody, draft.editors),
    signed: standing.counting.map(({ userId, signedAt }) => ({ name: nameOf(everybody, userId) ?? userId, at: signedAt.toISOString() })),
    needed: SIGNATURES_NEEDED[draft.document.kind],
    missing: standing.missing,
    maySign: standing.maySign.map(({ id: user, name }) => ({ id: user, name })),
    returned: draft.returnReason ? { by: nameOf(everybody, draft.returnedBy) ?? 'somebody', reason: draft.returnReason } : null,
    inForce,
    overtaken: (inForce?.version ?? null) !== draft.basedOn || (published !== undefined && published.version >= draft.version),
    signBlock: signBlockOf(viewer, draft, standing),
    mayEdit: may(viewer, 'policy:edit'),
    kindOpen: published === undefined,
    naming: await readNaming([draft.document, ...(inForce ? [inForce.document] : [])]),
  };
}

const noRates: RateTable = { base: 'USD', asOf: '1970-01-01', rates: {} };
/** Most guardrails a form is warned by. */
const guardrailsMax = 200;

/** readFormOptions answers what a policy's form offers and compares with. */
export async function readFormOptions(id: string): Promise<FormOptions> {
  const [processes, { agents }, actions, active, rates] = await Promise.all([
    listProcesses(),
    listFilterOptions(),
    listActionTypes(),
    store.listActive(prisma()),
    store.findLatestRates(prisma()),
  ]);
  return {
    processes: processes.map((process) => ({ id: process.id, name: process.name })),
    agents,
    actions: actions.map(({ name, title }) => ({ id: name, name: title })),
    guardrails: active.filter((policy) => policy.kind === 'guardrail' && policy.id !== id).slice(0, guardrailsMax),
    rates: rates ?? noRates,
  };
}
