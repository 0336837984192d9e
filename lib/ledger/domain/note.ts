import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** Signature type of plain Ed25519. C2SP signed-note. */
const ed25519Type = 0x01;
const keyIdBytes = 4;
const publicKeyBytes = 32;
const signatureBytes = 64;
/** Largest note read. */
const noteBytesMax = 16_384;
const dash = '\u2014';
/** SubjectPublicKeyInfo of an Ed25519 key up to the 32 bytes of the key. RFC 8410. */
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');

/** NoteVerifier knows one key by name; `text` is its C2SP verifier key, `<name>+<hex key id>+<base64 of type and key>`. */
export type NoteVerifier = { name: string; keyId: Buffer; publicKey: KeyObject; text: string };
/** NoteSigner is a verifier that can also sign. */
export type NoteSigner = NoteVerifier & { privateKey: KeyObject };

/** isKeyName: not empty, no white space, no plus, no control characters. C2SP signed-note. */
export const isKeyName = (name: string): boolean => name.length > 0 && !/[\s+\p{Cc}]/u.test(name);

/** rawPublicKey returns the 32 bytes of an Ed25519 key, private or public; throws on any other kind of key. */
export function rawPublicKey(key: KeyObject): Buffer {
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('the checkpoint key must be an Ed25519 key');
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(spkiHead.length);
}

function verifierOf(name: string, raw: Buffer): NoteVerifier {
  const typed = Buffer.concat([Buffer.from([ed25519Type]), raw]);
  const keyId = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, keyIdBytes);
  const publicKey = createPublicKey({ key: Buffer.concat([spkiHead, raw]), format: 'der', type: 'spki' });
  return { name, keyId, publicKey, text: `${name}+${keyId.toString('hex')}+${typed.toString('base64')}` };
}

/** verifierNamed is the same key under another name. */
export const verifierNamed = (name: string, { publicKey }: NoteVerifier): NoteVerifier => verifierOf(name, rawPublicKey(publicKey));

/** newSigner makes a signer of notes from an Ed25519 private key; throws when the name or the key cannot be used. */
export function newSigner(name: string, privateKey: KeyObject): NoteSigner {
  if (!isKeyName(name)) throw new TypeError('a key name has no white space and no plus');
  if (privateKey.type !== 'private') throw new TypeError('the checkpoint key must be a private key');
  return { ...verifierOf(name, rawPublicKey(privateKey)), privateKey };
}

/** parseVerifierKey reads a C2SP verifier key; undefined when it is malformed, of another type, or its id does not match. */
export function parseVerifierKey(text: string): NoteVerifier | undefined {
  const [name = '', id = '', encoded = '', ...rest] = text.trim().split('+');
  // Base64 has pluses of its own: all after the second separator is the key.
  const typed = decodeBase64([encoded, ...rest].join('+'));
  if (!isKeyName(name) || typed?.length !== 1 + publicKeyBytes || typed[0] !== ed25519Type) return undefined;
  const verifier = verifierOf(name, typed.subarray(1));
  return id === verifier.keyId.toString('hex') ? verifier : undefined;
}

/** signNote returns the signed note of a text, which must end in a newline and hold no other control character. C2SP signed-note. */
export function signNote(text: string, signer: NoteSigner): string {
  if (!isNoteText(text)) throw new TypeError('a note ends in a newline and has no control characters');
  const signature = sign(null, Buffer.from(text), signer.privateKey);
  return `${text}\n${dash} ${signer.name} ${Buffer.concat([signer.keyId, signature]).toString('base64')}\n`;
}

/**
 * openNote returns the text of a note that this key signed. Undefined when it is malformed, when no line is of this key, or when a line of this key
 * does not verify; lines of other keys are passed over. C2SP signed-note.
 */
export function openNote(note: string, verifier: NoteVerifier): string | undefined {
  const split = note.lastIndexOf('\n\n');
  if (Buffer.byteLength(note) > noteBytesMax || split < 1 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, split + 1);
  if (!isNoteText(text)) return undefined;
  let vouched = false;
  for (const line of note.slice(split + 2, -1).split('\n')) {
    const match = /^\u2014 (\S+) (\S+)$/u.exec(line);
    const bytes = match?.[2] === undefined ? undefined : decodeBase64(match[2]);
    if (!match?.[1] || !bytes || bytes.length <= keyIdBytes) return undefined;
    if (match[1] !== verifier.name || !bytes.subarray(0, keyIdBytes).equals(verifier.keyId)) continue;
    const signature = bytes.subarray(keyIdBytes);
    if (signature.length !== signatureBytes || !verify(null, Buffer.from(text), verifier.publicKey, signature)) return undefined;
    vouched = true;
  }
  return vouched ? text : undefined;
}

function isNoteText(text: string): boolean {
  return text.endsWith('\n') && text.length > 1 && text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text);
}

/** Standard base64 with its padding, and nothing that decodes to the same bytes another way. */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
