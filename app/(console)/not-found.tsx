import Link from 'next/link';
import { link } from '@/components/ui/link';

export default function NotFound() {
  return (
    <div className="px-4 py-8 md:px-6">
      <h1>Not found</h1>
      <p className="mt-1 max-w-[72ch] text-ink-2">There is nothing here, or nothing that you may see.</p>
      <p className="mt-3 flex gap-4">
        <Link href="/approvals" className={link}>
          Approvals
        </Link>
        <Link href="/ledger" className={link}>
          Ledger
        </Link>
      </p>
    </div>
  );
}
