import Link from 'next/link';

export default function NotFound() {
  return (
    <div className="px-4 py-8 md:px-6">
      <h1>Not found</h1>
      <p className="mt-1 max-w-[72ch] text-ink-2">There is nothing here, or nothing that you may see.</p>
      <p className="mt-3 flex gap-4">
        <Link href="/approvals" className="text-accent underline underline-offset-2">
          Approvals
        </Link>
        <Link href="/ledger" className="text-accent underline underline-offset-2">
          Ledger
        </Link>
      </p>
    </div>
  );
}
