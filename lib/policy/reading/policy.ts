import { may } from '@/lib/people/permissions';
import type { User } from '@/lib/people/service';
import { prisma } from '@/lib/platform/db/prisma';
import { documentDigest } from '../service/digests';
import * as store from '../store';
import { readNaming } from './naming';
import { draftStateOf, editorsOf, nameOf, readEverybody, type Everybody } from './people';
import { versionsListMax, type PolicyNaming, type PolicyPage, type PolicyVersion } from './schema';

/** readPolicy answers one policy with all its versions and its draft, or undefined when nobody ever wrote it. */
export async function readPolicy(viewer: User, id: string): Promise<PolicyPage | undefined> {
  const [rows, draft, signatures, everybody] = await Promise.all([
    store.listVersions(prisma(), id, versionsListMax),
    store.findDraft(prisma(), id),
    store.listSignaturesOf(prisma(), [id]),
    readEverybody(),
  ]);
  if (rows.length === 0 && !draft) return undefined;
  const versions = rows.map((row) => versionOf(everybody, row, signatures));
  const ofDraft = signatures.filter(({ version }) => version === draft?.version);
  return {
    id,
    latest: versions.find(({ status }) => status === 'active') ?? versions[0] ?? null,
    versions: versions.map(({ document: _document, digest: _digest, ...version }) => version),
    draft: draft ? draftStateOf(everybody, draft, ofDraft) : null,
    mayEdit: may(viewer, 'policy:edit'),
    editors: editorsOf(everybody),
    naming: await readNaming([...rows, ...(draft ? [draft] : [])].map(({ document }) => document)),
  };
}

/** readPolicyVersion answers one version that is or was in force, with the one before it, or undefined. */
export async function readPolicyVersion(
  id: string,
  version: number,
): Promise<{ shown: PolicyVersion; before: PolicyVersion | null; inForce: number | null; naming: PolicyNaming } | undefined> {
  const [rows, signatures, everybody] = await Promise.all([
    store.listVersions(prisma(), id, versionsListMax),
    store.listSignaturesOf(prisma(), [id]),
    readEverybody(),
  ]);
  const at = rows.findIndex((row) => row.version === version);
  const [row, older] = at === -1 ? [] : [rows[at], rows[at + 1]];
  if (!row) return undefined;
  return {
    shown: versionOf(everybody, row, signatures),
    before: older ? versionOf(everybody, older, signatures) : null,
    inForce: rows.find(({ status }) => status === 'active')?.version ?? null,
    naming: await readNaming([row.document, ...(older ? [older.document] : [])]),
  };
}

type Signatures = Awaited<ReturnType<typeof store.listSignaturesOf>>;

function versionOf(everybody: Everybody, row: store.VersionRow, signatures: Signatures): PolicyVersion {
  return {
    version: row.version,
    status: row.status,
    since: row.publishedAt?.toISOString() ?? null,
    note: row.note,
    draftedBy: nameOf(everybody, row.draftedBy),
    signed: signatures
      .filter(({ version }) => version === row.version)
      .map(({ userId, signedAt }) => ({ name: nameOf(everybody, userId) ?? userId, at: signedAt.toISOString() })),
    digest: documentDigest(row.document),
    document: row.document,
  };
}
