'use client';

import { Fact, Facts, Section } from '@/components/text/facts';
import { Ago, Exact } from '@/components/text/time';
import { Verbatim } from '@/components/text/verbatim';
import { Empty, Notice } from '@/components/ui/page';
import { Table, type Column } from '@/components/ui/table';
import type { LockedView, LockPage, ResumptionView } from '@/lib/containment/schema';
import { locksOf, openOf, whatIsLost, whyLocked, type Lock } from './lock-words';
import { useLocks } from './queries';
import { Asked, ResumeButton } from './resume';

/** LockStory is which gateways are locked after a restore, what is lost, what to do, and what people asked and signed. */
export function LockStory({ initial }: { initial: LockPage }) {
  const { data, isError } = useLocks(initial);
  const locks = locksOf(data);
  return (
    <>
      {isError ? <Notice tone="warn">The page could not be read again. What is shown may be old.</Notice> : null}
      {data.gateways.length === 0 ? (
        <Empty title="No gateway is locked">
          Each gateway compares its database with what was handed outside before it decides anything. One whose database is an older copy,
          or another one, stands here.
        </Empty>
      ) : (
        <Table caption="Locked gateways" columns={gatewayColumns} rows={data.gateways} keyOf={({ id }) => id} />
      )}
      {locks.map((lock) => (
        <LockSection key={`${lock.outside.size} ${lock.outside.root}`} lock={lock} page={data} />
      ))}
      {data.gateways.length > 0 && locks.length === 0 ? (
        <Section title="What to do">
          <p className="max-w-[72ch]">
            This cannot be resumed as it stands: either what the database lacks is still being found out, or what is said above must be put
            right on the server first. Look again in a minute.
          </p>
        </Section>
      ) : null}
      {data.resumptions.length === 0 ? null : (
        <Section title="Asked and signed">
          <Table caption="Resumptions" columns={resumptionColumns} rows={data.resumptions} keyOf={({ id }) => id} />
        </Section>
      )}
    </>
  );
}

function LockSection({ lock, page }: { lock: Lock; page: LockPage }) {
  const waiting = openOf(page, lock);
  const lost = whatIsLost(lock);
  const { outside, kept, head } = lock;
  return (
    <Section title="What happened">
      <div className="flex max-w-[72ch] flex-col gap-3" data-lock={lock.refused}>
        <p>
          {whyLocked(lock)} {lost}
        </p>
        <Facts>
          <Fact name="Handed outside">
            <RowAt {...outside} />
          </Fact>
          {lock.refused === 'gone' ? null : (
            <Fact name="Agrees up to">
              <RowAt {...kept} />
            </Fact>
          )}
          <Fact name="Ends at">
            <RowAt {...head} />
          </Fact>
        </Facts>
        <ol className="list-decimal space-y-1 pl-5">
          <li>
            {lock.refused === 'gone'
              ? 'Mount the right directory of checkpoints, or put a copy of it back. Then gateways compare it, and go on by themselves if it agrees.'
              : 'Put the right database back, if you have it: gateways then go on by themselves, and nothing is lost.'}
          </li>
          <li>
            Else set again what was decided in the meantime and is not here: stops, suspensions, revoked credentials, people who left,
            policies. What agents did since is not known here either: an approval that was used is unused again, so stop that agent until it
            is settled.
          </li>
          <li>Then two people resume: one asks, another one signs. That the ledger went on from an older state stays visible for ever.</li>
        </ol>
        {waiting.map((one) => (
          <Asked key={one.id} resumption={one} />
        ))}
        <div>
          <ResumeButton lock={lock} page={page} />
          {page.mayResume ? null : <p className="text-ink-2">Two people resume it, each a leader or security.</p>}
        </div>
      </div>
    </Section>
  );
}

function RowAt({ size, at }: { size: string; at: string | null }) {
  return (
    <span className="tabular">
      row {rows(size)}
      {at === null ? null : (
        <span className="text-ink-2">
          , <Exact at={at} />
        </span>
      )}
    </span>
  );
}

const rows = (size: string): string => BigInt(size).toLocaleString('en');

const gatewayColumns: readonly Column<LockedView>[] = [
  { key: 'name', title: 'Gateway', cell: ({ name }) => <span className="font-mono text-[13px] break-all">{name}</span> },
  { key: 'why', title: 'Locked, because', cell: ({ why }) => <span className="font-medium text-danger">{why}</span> },
  { key: 'seen', title: 'Heard of', hide: 'phone', cell: ({ seenAt }) => <Ago at={seenAt} className="whitespace-nowrap" /> },
];

const wordOf = ({ by, at, reason }: ResumptionView['asked']) => (
  <>
    {by.name}, <Ago at={at} className="whitespace-nowrap" />
    {reason === null ? null : (
      <span className="block text-ink-2">
        “<Verbatim text={reason} multiline />”
      </span>
    )}
  </>
);

const resumptionColumns: readonly Column<ResumptionView>[] = [
  {
    key: 'rows',
    title: 'Rows given up',
    cell: ({ refused, keptSize, outside }) => (
      <span className="tabular">
        {refused === 'gone' ? `unknown, after ${rows(outside.size)}` : `${rows(String(BigInt(keptSize) + 1n))} to ${rows(outside.size)}`}
      </span>
    ),
  },
  { key: 'asked', title: 'Asked', cell: ({ asked }) => wordOf(asked) },
  {
    key: 'signed',
    title: 'Signed',
    cell: ({ signed, whyNotSign }) =>
      signed ? (
        wordOf(signed)
      ) : (
        <span className="text-ink-2">{whyNotSign === 'ALREADY_RESUMED' ? 'another one was signed' : 'waits for a second person'}</span>
      ),
  },
  { key: 'id', title: 'Id', hide: 'phone', cell: ({ id }) => <code className="text-xs break-all">{id}</code> },
];
