import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { Logo } from '@/components/shell/logo';
import { FirstPassword } from '@/components/sign-in/first-password';
import { currentSession } from '@/lib/http/actor';
import { safeReturn } from '@/lib/http/return-path';

export const metadata: Metadata = { title: 'Choose a password' };

export default async function NewPasswordPage({ searchParams }: { searchParams: Promise<{ from?: string | string[] }> }) {
  const from = safeReturn((await searchParams).from);
  const session = await currentSession();
  if (!session) redirect(`/sign-in?from=${encodeURIComponent(from)}`);
  if (!session.mustChangePassword) redirect(from);
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[360px] flex-col justify-center gap-6 px-4 py-10">
      <div className="text-lg">
        <Logo />
      </div>
      <div>
        <h1>Choose a password</h1>
        <p className="mt-1 text-ink-2">
          {session.user.name}, an administrator made the one you signed in with, so it is not yours alone yet. Nothing else opens until you
          have chosen another.
        </p>
      </div>
      <FirstPassword email={session.user.email} from={from} />
    </main>
  );
}
