import { createHash } from 'node:crypto';

const sha256 = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const hash = createHash('sha256').update(Buffer.of(tag));
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** hashRow is the leaf hash of a row's bytes. RFC 6962, section 2.1. */
export const hashRow = (bytes: Uint8Array): Buffer => sha256(0, bytes);

/** GrowingTree takes leaf hashes one by one and knows the Merkle tree hash at every size. RFC 6962, section 2.1. */
export class GrowingTree {
  // levels[i] is a full tree of 2^i leaves that has no neighbour yet: a binary counter.
  private readonly levels: (Buffer | undefined)[] = [];
  size = 0n;

  push(leaf: Buffer): void {
    let carried = leaf;
    let level = 0;
    for (let waiting = this.levels[level]; waiting; waiting = this.levels[level]) {
      carried = sha256(1, waiting, carried);
      this.levels[level] = undefined;
      level += 1;
    }
    this.levels[level] = carried;
    this.size += 1n;
  }

  root(): Buffer {
    let root: Buffer | undefined;
    for (const full of this.levels) {
      if (full) root = root ? sha256(1, full, root) : full;
    }
    return root ?? createHash('sha256').digest();
  }
}
