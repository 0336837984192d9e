import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyNamed, readAbandonment, readKey } from '@/scripts/verify/notes';
import { branchesOf, branchOrigin, lineageOf, openAbandonment, signAbandonment, type Abandonment } from './branch';
import { openCheckpoint, originOf, signCheckpoint } from './checkpoint';
import { newSigner, rawPublicKey, signNote, verifierNamed } from './note';

const key = generateKeyPairSync('ed25519').privateKey;
const signer = newSigner(originOf(rawPublicKey(key)), key);
const id = (n: number) => `rsm_${n.toString().padStart(26, '0')}`;
const abandonment = (changes: Partial<Abandonment> = {}): Abandonment => ({
  number: 1,
  resumption: id(1),
  row: 82n,
  abandoned: { origin: signer.name, size: 100n, root: Buffer.alloc(32, 1) },
  kept: { size: 75n, root: Buffer.alloc(32, 2) },
  ...changes,
});

describe('what a resumption abandons', () => {
  it('reads the same to two readers that share no code', () => {
    const root = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
    const size = fc.bigInt({ min: 0n, max: 2n ** 62n });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), size, size, size, root, root, (number, row, out, kept, one, other) => {
        const said = abandonment({
          number,
          row,
          abandoned: { origin: branchOrigin(signer.name, id(7)), size: out, root: one },
          kept: { size: kept, root: other },
        });
        const note = signAbandonment(said, signer);
        expect(openAbandonment(note, signer)).toEqual(said);
        const known = readKey(signer.text);
        expect(known && readAbandonment(note, known)).toEqual({
          number,
          row,
          resumption: said.resumption,
          origin: said.abandoned.origin,
          abandoned: { size: out, root: one },
          kept: said.kept,
        });
      }),
      { numRuns: 50 },
    );
  });

  const note = signAbandonment(abandonment(), signer);
  const other = newSigner(signer.name, generateKeyPairSync('ed25519').privateKey);
  it.each([
    ['a changed row', note.replace('row 82', 'row 83'), signer],
    ['a changed size', note.replace(' 100 ', ' 101 '), signer],
    ['another key of the same name', note, other],
    ['a line more', signNote(`${note.split('\n\n')[0]}\nmore 1\n`, signer), signer],
    ['a checkpoint', signCheckpoint(100n, Buffer.alloc(32), signer), signer],
  ])('is not read from %s', (_, text, verifier) => {
    expect(openAbandonment(text, verifier)).toBeUndefined();
    const known = readKey(verifier.text);
    expect(known && typeof readAbandonment(text, known)).toBe('string');
  });

  it('is no checkpoint to anybody', () => {
    expect(openCheckpoint(note, signer)).toBeUndefined();
  });

  it('goes on under an origin of its own, whose checkpoints are not those of the first', () => {
    const origin = branchOrigin(signer.name, id(1));
    const later = signCheckpoint(120n, Buffer.alloc(32), newSigner(origin, key));
    expect(openCheckpoint(later, signer)).toBeUndefined();
    expect(openCheckpoint(later, verifierNamed(origin, signer))).toMatchObject({ origin, size: 120n });
    const known = readKey(signer.text);
    expect(known && keyNamed(origin, known).text).toBe(verifierNamed(origin, signer).text);
  });
});

describe('the newest history', () => {
  const lineage = (...abandonments: Abandonment[]) => {
    const branches = branchesOf(signer, abandonments);
    const newest = branches.at(-1);
    return newest ? lineageOf(newest, branches).map(({ number, upTo }) => [number, upTo]) : [];
  };
  const second = (kept: bigint, origin = branchOrigin(signer.name, id(1))) =>
    abandonment({
      number: 2,
      resumption: id(2),
      abandoned: { origin, size: 200n, root: Buffer.alloc(32, 3) },
      kept: { size: kept, root: Buffer.alloc(32) },
    });

  it.each<[string, Abandonment[], [number, bigint | undefined][]]>([
    ['is the first one where nothing was resumed', [], [[0, undefined]]],
    [
      'keeps of the first what its resumption kept',
      [abandonment()],
      [
        [1, undefined],
        [0, 75n],
      ],
    ],
    [
      'keeps of all before it the least of what was kept',
      [abandonment(), second(60n)],
      [
        [2, undefined],
        [1, 60n],
        [0, 60n],
      ],
    ],
    [
      'passes over one that nothing came of',
      [abandonment(), second(90n, signer.name)],
      [
        [2, undefined],
        [0, 90n],
      ],
    ],
    [
      'ends where what it came from lies elsewhere',
      [abandonment({ abandoned: { ...abandonment().abandoned, origin: 'elsewhere' } })],
      [[1, undefined]],
    ],
    [
      'goes round in no circle',
      [abandonment({ abandoned: { ...abandonment().abandoned, origin: branchOrigin(signer.name, id(1)) } })],
      [[1, undefined]],
    ],
  ])('%s', (_, abandonments, expected) => {
    expect(lineage(...abandonments)).toEqual(expected);
  });
});
