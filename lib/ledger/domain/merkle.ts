import { createHash } from 'node:crypto';

const leafTag = Buffer.from([0]);
const nodeTag = Buffer.from([1]);

/** Length of every hash here: SHA-256. */
export const hashBytes = 32;

/**
 * CompactRange is what is needed to go on from a tree of `size` leaves: the roots of its complete subtrees, left to right, one for each set bit
 * of `size`, highest first. RFC 6962, section 2.1.
 */
export type CompactRange = { size: bigint; roots: readonly Buffer[] };

/** emptyRange is the tree without leaves. */
export const emptyRange: CompactRange = { size: 0n, roots: [] };

/** leafHash is SHA-256(0x00 ‖ bytes). RFC 6962, section 2.1. */
export function leafHash(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(leafTag).update(bytes).digest();
}

/** nodeHash is SHA-256(0x01 ‖ left ‖ right). RFC 6962, section 2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(nodeTag).update(left).update(right).digest();
}

/** extendRange appends leaf hashes, in order, and returns the range of the larger tree; the given range is left as it is. */
export function extendRange(range: CompactRange, leaves: Iterable<Buffer>): CompactRange {
  const roots = [...range.roots];
  let size = range.size;
  for (const leaf of leaves) {
    let root = leaf;
    // Each trailing one bit of the size is a complete subtree as large as the one in hand.
    for (let carry = size; (carry & 1n) === 1n; carry >>= 1n) root = nodeHash(roots.pop() ?? root, root);
    roots.push(root);
    size += 1n;
  }
  return { size, roots };
}

/** rangeRoot is the Merkle tree hash of the range; of no leaves, SHA-256 of nothing. RFC 6962, section 2.1. */
export function rangeRoot(range: CompactRange): Buffer {
  const [last, ...larger] = [...range.roots].reverse();
  if (!last) return createHash('sha256').digest();
  return larger.reduce((right, left) => nodeHash(left, right), last);
}

/** isWholeRange tells whether the range has exactly the roots that its size asks for. */
export function isWholeRange(range: CompactRange): boolean {
  let subtrees = 0;
  for (let rest = range.size; rest > 0n; rest >>= 1n) if ((rest & 1n) === 1n) subtrees++;
  return range.size >= 0n && subtrees === range.roots.length && range.roots.every((root) => root.length === hashBytes);
}
