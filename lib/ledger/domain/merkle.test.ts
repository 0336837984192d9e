import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyRange, extendRange, isWholeRange, leafHash, nodeHash, rangeRoot } from './merkle';

/** The definition of RFC 6962, section 2.1, word for word: split at the largest power of two below n. */
function definedRoot(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (!only) return rangeRoot(emptyRange);
  if (leaves.length === 1) return only;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return nodeHash(definedRoot(leaves.slice(0, k)), definedRoot(leaves.slice(k)));
}

// The test vectors of the Certificate Transparency reference implementation.
const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) =>
  Buffer.from(hex, 'hex'),
);
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('the Merkle tree of the ledger', () => {
  it('of no rows is the hash of nothing', () => {
    expect(rangeRoot(emptyRange).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it.each(roots.map((root, i) => [i + 1, root] as const))('of %i rows is that of the published vectors', (size, root) => {
    expect(rangeRoot(extendRange(emptyRange, inputs.slice(0, size).map(leafHash))).toString('hex')).toBe(root);
  });

  it('is the same however the rows arrive, and the same as its definition', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 }), (steps) => {
        let range = emptyRange;
        const leaves: Buffer[] = [];
        for (const step of steps) {
          const more = Array.from({ length: step }, (_, i) => leafHash(Buffer.from(`${leaves.length + i}`)));
          leaves.push(...more);
          range = extendRange(range, more);
          expect(isWholeRange(range)).toBe(true);
          expect(rangeRoot(range)).toEqual(definedRoot(leaves));
        }
        expect(range.size).toBe(BigInt(leaves.length));
      }),
      { numRuns: 60 },
    );
  });

  it('leaves a range it extends as it was', () => {
    const two = extendRange(emptyRange, inputs.slice(0, 2).map(leafHash));
    extendRange(two, inputs.slice(2).map(leafHash));
    expect(rangeRoot(two).toString('hex')).toBe(roots[1]);
  });

  it.each([
    ['a root too few', { size: 3n, roots: [Buffer.alloc(32)] }],
    ['a root too many', { size: 2n, roots: [Buffer.alloc(32), Buffer.alloc(32)] }],
    ['a short root', { size: 2n, roots: [Buffer.alloc(31)] }],
  ])('refuses a stored range with %s', (_, range) => {
    expect(isWholeRange(range)).toBe(false);
  });
});
