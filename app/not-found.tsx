import Link from 'next/link';
import { link } from '@/components/ui/link';

export default function NotFound() {
  return (
    <main className="mx-auto max-w-[72ch] px-4 py-16">
      <h1>Not found</h1>
      <p className="mt-1 text-ink-2">There is nothing at this address.</p>
      <p className="mt-3">
        <Link href="/" className={link}>
          Go to Home
        </Link>
      </p>
    </main>
  );
}
