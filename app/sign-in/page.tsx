import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Logo } from '@/components/shell/logo';
import { SignInForm } from '@/components/sign-in/form';
import { currentSession } from '@/lib/http/actor';
import { newPasswordPath, safeReturn } from '@/lib/http/return-path';
import { isSampleInstallation } from '@/lib/http/sample';
import { isUnclaimed } from '@/lib/organisation/reading';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: { searchParams: Promise<{ from?: string | string[] }> }) {
  const from = safeReturn((await searchParams).from);
  const session = await currentSession();
  if (session) redirect(session.mustChangePassword ? `${newPasswordPath}?from=${encodeURIComponent(from)}` : from);
  // Nobody could sign in yet.
  if (await isUnclaimed()) redirect('/welcome');
  const sample = await isSampleInstallation();
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[360px] flex-col justify-center gap-6 px-4 py-10">
      <div className="text-lg">
        <Logo />
      </div>
      <div>
        <h1>Sign in</h1>
        <p className="mt-1 text-ink-2">For people. Agents use their own credentials, which do not open this door.</p>
      </div>
      <SignInForm from={from} />
      {sample ? (
        <aside className="rounded-md border border-line bg-raised p-3 text-sm text-ink-2">
          <p className="font-medium text-ink">This is the sample organisation</p>
          <p className="mt-1">
            Sign in as <code className="text-ink">{sample.email}</code>. The password was made for this installation alone:{' '}
            <code className="text-ink">npm start</code> prints it in the terminal, and it stands in{' '}
            <code className="text-ink">secrets/people.json</code> in the data folder.
          </p>
        </aside>
      ) : null}
    </main>
  );
}
