import { Digest } from '@/components/text/digest';
import { Fact, Facts, Section } from '@/components/text/facts';
import { Exact } from '@/components/text/time';

type Props = {
  row: {
    seq: string;
    at: string;
    hash: string;
    previous: string;
    intact: boolean;
    commitment: string | null;
    digest: string | null;
    commitmentHolds: boolean | null;
  };
};

/** RowFacts is what anyone can recompute from the row: where it stands and what it is chained to. */
export function RowFacts({ row }: Props) {
  return (
    <Section title="In the ledger">
      {row.intact && row.commitmentHolds !== false ? null : (
        <p role="alert" className="mb-2 rounded-md border border-danger bg-danger-soft px-3 py-2 text-sm">
          {row.intact
            ? 'What is kept beside this row is not what the row committed to.'
            : 'The hash of this row is not the hash of its bytes.'}{' '}
          Run <code>npm run verify</code> and tell security.
        </p>
      )}
      <Facts>
        <Fact name="Row">
          <span className="tabular">{row.seq}</span>
        </Fact>
        <Fact name="Committed">
          <Exact at={row.at} />
        </Fact>
        <Fact name="Hash">
          <Digest value={row.hash} label="the row’s hash" />
        </Fact>
        <Fact name="Previous hash">
          <Digest value={row.previous} label="the previous row’s hash" />
        </Fact>
        {row.digest === null ? null : (
          <Fact name="Digest">
            <Digest value={row.digest} label="the digest" />
          </Fact>
        )}
        {row.commitment === null ? null : (
          <Fact name="Commitment">
            <Digest value={row.commitment} label="the commitment" />
            <span className="block text-xs text-ink-2">
              SHA-256 of a salt and the digest
              {row.commitmentHolds === null ? '; both were erased' : row.commitmentHolds ? '; it holds' : '; it does not hold'}
            </span>
          </Fact>
        )}
      </Facts>
    </Section>
  );
}
