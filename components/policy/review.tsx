'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Digest } from '@/components/text/digest';
import { Section } from '@/components/text/facts';
import { Exact } from '@/components/text/time';
import { Button } from '@/components/ui/button';
import { link } from '@/components/ui/link';
import { Notice } from '@/components/ui/page';
import { policyChanges } from '@/lib/policy/domain/changes';
import type { DraftPage } from '@/lib/policy/reading/schema';
import { About } from './about';
import { Changes } from './changes';
import { Ladders } from './ladders';
import { useOwnDigest } from './own-digest';
import { ReturnDialog } from './return';
import { Says } from './says';
import { SignDialog } from './sign';
import { listOf } from './words';

/** DraftReview is a draft to read: what changes, what it asks, the document to be signed, who has signed and who can. */
export function DraftReview({ draft }: { draft: DraftPage }) {
  const router = useRouter();
  const [dialog, setDialog] = useState<'sign' | 'return' | null>(null);
  const own = useOwnDigest(draft.document, draft.digest);
  const inReview = draft.status === 'in_review';
  const maySign = draft.signBlock === null && !draft.overtaken && own !== 'differs';
  return (
    <div>
      <div className="flex flex-col gap-2 pb-4">
        <p className="max-w-[72ch] whitespace-pre-wrap" data-note>
          {draft.note === '' ? <span className="text-ink-2">Nobody said why yet.</span> : draft.note}
        </p>
        {draft.overtaken ? (
          <Notice tone="warn">
            {draft.inForce ? `Version ${draft.inForce.version} came into force` : 'The version before went out of force'} since this draft
            was begun, so it cannot be signed. Take it back, and save it again to carry it over.
          </Notice>
        ) : null}
        {own === 'differs' ? (
          <Notice tone="danger">
            This browser computes another digest of the document than the server gave. It cannot be signed here.
          </Notice>
        ) : null}
      </div>
      <Section title="What changes">
        <Changes
          changes={policyChanges(draft.inForce?.document, draft.document, (id) => draft.naming.holders[id] ?? null)}
          titles={[draft.inForce ? `Version ${draft.inForce.version}, in force` : 'Before', 'This draft']}
        />
      </Section>
      <Section title="What it would ask">
        <Says policy={draft.document} naming={draft.naming} />
      </Section>
      <Section title="Ladders">
        <Ladders ladders={draft.document.ladders} />
      </Section>
      <Section title="What it is for">
        <About policy={draft.document} naming={draft.naming} />
      </Section>
      <Section title="What is signed" aside={own === 'agrees' ? 'computed again in this browser: the same' : undefined}>
        <Digest value={draft.digest} label="the digest" />
        <details className="mt-2 text-sm">
          <summary className="w-fit text-ink-2 hover:text-ink">The whole document</summary>
          <pre className="mt-2 rounded-md bg-sunken p-3 text-xs break-words whitespace-pre-wrap">
            {JSON.stringify(draft.document, null, 2)}
          </pre>
        </details>
      </Section>
      <Section title="Signatures" aside={inReview ? `${draft.needed - draft.missing} of ${draft.needed}` : undefined}>
        <Signatures draft={draft} />
      </Section>
      {inReview ? (
        <footer className="sticky bottom-0 -mx-4 flex flex-wrap items-center gap-2 border-t border-line bg-ground px-4 py-3 md:-mx-6 md:px-6">
          {maySign ? (
            <Button tone="primary" size="lg" onClick={() => setDialog('sign')}>
              {draft.missing === 1 ? 'Sign and publish' : 'Sign'}
            </Button>
          ) : null}
          {draft.mayEdit ? (
            <Button size="lg" onClick={() => setDialog('return')}>
              {draft.signBlock === 'EDITED_IT' ? 'Take it back' : 'Send it back'}
            </Button>
          ) : null}
          {draft.signBlock === null ? null : (
            <p className="max-w-[72ch] text-sm" data-sign-block={draft.signBlock}>
              <Blocked draft={draft} />
            </p>
          )}
        </footer>
      ) : null}
      {dialog === 'sign' ? (
        <SignDialog
          draft={draft}
          close={() => setDialog(null)}
          done={({ published }) => {
            setDialog(null);
            if (published) {
              router.push(`/policy/${draft.id}`);
              router.refresh();
            }
          }}
        />
      ) : null}
      {dialog === 'return' ? <ReturnDialog draft={draft} close={() => setDialog(null)} /> : null}
    </div>
  );
}

function Signatures({ draft }: { draft: DraftPage }) {
  return (
    <div className="flex flex-col gap-1">
      <p>Written by {listOf(draft.editors, 'and')}.</p>
      {draft.signed.map(({ name, at }) => (
        <p key={name}>
          Signed by {name}, <Exact at={at} />.
        </p>
      ))}
      {draft.missing === 0 ? null : (
        <p className="text-ink-2">
          {draft.needed === 1 ? 'One person who did not write it must sign.' : 'A guardrail is signed by two persons who did not write it.'}{' '}
          <WhoMay draft={draft} />
        </p>
      )}
    </div>
  );
}

/** WhoMay names who could sign, or says that nobody could and where that is changed. */
function WhoMay({ draft }: { draft: DraftPage }) {
  if (draft.maySign.length >= draft.missing)
    return (
      <>
        {listOf(
          draft.maySign.map(({ name }) => name),
          draft.missing === 1 ? 'or' : 'and',
        )}{' '}
        may.
      </>
    );
  const so =
    draft.maySign.length === 0
      ? 'Nobody else with the role risk or admin is active'
      : `Only ${draft.maySign[0]?.name} may, which is not enough`;
  return (
    <>
      {so}:{' '}
      <Link href="/people" className={link}>
        an administrator adds people
      </Link>
      .
    </>
  );
}

function Blocked({ draft }: { draft: DraftPage }) {
  switch (draft.signBlock) {
    case 'EDITED_IT':
      return (
        <>
          You wrote some of this, so you do not sign it. <WhoMay draft={draft} />
        </>
      );
    case 'SIGNED_ALREADY':
      return (
        <>
          You signed this. <WhoMay draft={draft} />
        </>
      );
    case 'NOT_ALLOWED':
      return (
        <>
          Policies are signed by people with the role risk or admin. <WhoMay draft={draft} />
        </>
      );
    default:
      return null;
  }
}
