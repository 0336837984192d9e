import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readKey, readNote } from '@/scripts/verify/notes';
import { fileNameOf, idleMs, isDue, openCheckpoint, originOf, signCheckpoint } from './checkpoint';
import { newSigner, openNote, parseVerifierKey, rawPublicKey, signNote } from './note';

const keyPair = () => generateKeyPairSync('ed25519').privateKey;
const signerOf = (key = keyPair()) => newSigner(originOf(rawPublicKey(key)), key);
const signer = signerOf();
const root = Buffer.alloc(32, 7);

describe('signed notes', () => {
  it('opens the published example of another implementation', () => {
    const verifier = parseVerifierKey('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
    const note =
      'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
    expect(verifier && openNote(note, verifier)).toBe('This is an example message.\n');
  });

  it('says the same to two readers that share no code', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 62n }), fc.uint8Array({ minLength: 32, maxLength: 32 }), (size, bytes) => {
        const note = signCheckpoint(size, Buffer.from(bytes), signer);
        const key = readKey(signer.text);
        expect(openCheckpoint(note, signer)).toEqual({ origin: signer.name, size, root: Buffer.from(bytes) });
        expect(key && readNote(note, key)).toEqual({ size, root: Buffer.from(bytes) });
      }),
      { numRuns: 50 },
    );
  });

  it('passes over signatures of keys it does not know', () => {
    const note = signCheckpoint(5n, root, signer);
    const cosigned = `${note}— witness.example ${Buffer.alloc(76, 1).toString('base64')}\n`;
    const key = readKey(signer.text);
    expect(openCheckpoint(cosigned, signer)?.size).toBe(5n);
    expect(key && readNote(cosigned, key)).toMatchObject({ size: 5n });
  });

  const note = signCheckpoint(5n, root, signer);
  const other = signerOf();
  const forged: [string, string][] = [
    ['nothing', ''],
    ['no signature', note.slice(0, note.indexOf('\n\n') + 2)],
    ['a larger size', note.replace('\n5\n', '\n6\n')],
    ['another root', note.replace(root.toString('base64'), Buffer.alloc(32, 8).toString('base64'))],
    ['a signature with one bit turned', note.replace(/.{4}=*\n$/, (end) => `AAAA${end.slice(4)}`)],
    ['the signature of another key', signCheckpoint(5n, root, other)],
    ['the signature of another key under this name', signCheckpoint(5n, root, { ...other, name: signer.name, keyId: signer.keyId })],
    [
      'two signatures of this key, one bad',
      `${note}— ${signer.name} ${Buffer.concat([signer.keyId, Buffer.alloc(64)]).toString('base64')}\n`,
    ],
    ['a hyphen for the dash', note.replace('—', '-')],
    ['no end of line', note.slice(0, -1)],
    ['a carriage return', note.replace('\n5\n', '\r\n5\n')],
    ['an extension line', signNote(`${signer.name}\n5\n${root.toString('base64')}\nmore\n`, signer)],
    ['a size with a leading zero', signNote(`${signer.name}\n05\n${root.toString('base64')}\n`, signer)],
    ['a root that is too short', signNote(`${signer.name}\n5\n${root.subarray(1).toString('base64')}\n`, signer)],
    ['another log', signNote(`another.example/log\n5\n${root.toString('base64')}\n`, signer)],
  ];
  it.each(forged)('refuses a checkpoint with %s, twice', (_, text) => {
    const key = readKey(signer.text);
    expect(openCheckpoint(text, signer)).toBeUndefined();
    expect(key && readNote(text, key)).toBeTypeOf('string');
  });

  it.each([
    ['nothing', ''],
    ['another id', signer.text.replace(/\+[0-9a-f]{8}\+/, '+00000000+')],
    [
      'another type',
      `${signer.name}+${signer.keyId.toString('hex')}+${Buffer.concat([Buffer.of(4), rawPublicKey(signer.publicKey)]).toString('base64')}`,
    ],
    ['a name with a space', signer.text.replace('/', ' ')],
    ['a short key', signer.text.slice(0, -4)],
  ])('refuses a verifier key with %s, twice', (_, text) => {
    expect(parseVerifierKey(text)).toBeUndefined();
    expect(readKey(text)).toBeNull();
  });

  it('signs with Ed25519 only', () => {
    expect(() => newSigner('log', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)).toThrow(/Ed25519/);
  });
});

describe('when a checkpoint is signed', () => {
  it.each([
    ['nothing new: never', 0n, 10 * idleMs, false, false],
    ['one row after a quiet minute: at once', 1n, idleMs, false, true],
    ['one more row within the minute: not yet', 1n, idleMs - 1, false, false],
    ['a stop, or another change of the rules, within the minute: within the second', 1n, 1_000, true, true],
    ['a stop within the second: not yet', 1n, 999, true, false],
    ['load: every second', 16n, 1_000, false, true],
    ['load within the second: not yet', 5_000n, 999, false, false],
  ])('%s', (_, grownBy, sinceMs, binds, due) => {
    expect(isDue(grownBy, sinceMs, binds)).toBe(due);
  });

  it('names files so that they sort as sizes do', () => {
    expect(fileNameOf(1234n)).toBe('00000000000000001234.txt');
  });
});
