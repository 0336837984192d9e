import { createHash, randomBytes } from 'node:crypto';
import { withClient } from '@/lib/platform/db';

/** claimLink makes the one link with which the first administrator of an empty installation is made; undefined when somebody lives there. */
export async function claimLink(ownerUrl: string, publicUrl: string): Promise<string | undefined> {
  const token = randomBytes(24).toString('base64url');
  const hash = createHash('sha256').update(token).digest();
  return (await keepHash(ownerUrl, hash)) ? `${publicUrl}/welcome?token=${token}` : undefined;
}

/** keepHash lets who knows the token of this hash be the first administrator, while there is nobody; true when it does. */
export async function keepHash(ownerUrl: string, hash: Buffer): Promise<boolean> {
  return withClient(ownerUrl, async (client) => {
    const { rowCount } = await client.query(
      'UPDATE organisation SET first_admin_hash = $1, changed_at = now() WHERE NOT EXISTS (SELECT 1 FROM users)',
      [hash],
    );
    return rowCount === 1;
  });
}
