import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ClaimForm } from '@/components/organisation/claim';
import { Logo } from '@/components/shell/logo';
import { isUnclaimed } from '@/lib/organisation/reading';

export const metadata: Metadata = { title: 'Welcome', referrer: 'no-referrer' };
// Asked of the database each time: the first administrator ends this page.
export const dynamic = 'force-dynamic';

export default async function WelcomePage({ searchParams }: { searchParams: Promise<{ token?: string | string[] }> }) {
  if (!(await isUnclaimed())) notFound();
  const { token } = await searchParams;
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-[420px] flex-col justify-center gap-6 px-4 py-10">
      <div className="text-lg">
        <Logo />
      </div>
      <div>
        <h1>Welcome</h1>
        <p className="mt-1 text-ink-2">
          Nobody is here yet. You become the first administrator: you add the other people and give them their roles. This page opens once.
        </p>
      </div>
      <ClaimForm token={typeof token === 'string' ? token : ''} />
    </main>
  );
}
