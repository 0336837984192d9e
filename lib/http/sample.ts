import { findUserByEmail } from '@/lib/people/service';

/** The person of the sample organisation whom the sign-in page names; an installation without them is nobody's sample. */
const sampleEmail = 'ana@example.com';

/** isSampleInstallation answers whom to sign in as while the sample organisation is there; undefined elsewhere. */
export async function isSampleInstallation(): Promise<{ email: string } | undefined> {
  const person = await findUserByEmail(sampleEmail);
  return person?.status === 'active' ? { email: person.email } : undefined;
}
