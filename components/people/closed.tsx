import { Left } from '@/components/text/time';
import { Notice } from '@/components/ui/page';
import type { Closed as ClosedCounts } from '@/lib/people/schema';

/** Closed tells administrators what else sign-in is closed for: what was tried is kept as a hash, so that it can be counted and not named. */
export function Closed({ closed }: { closed: ClosedCounts }) {
  const { unknownEmails, addresses, until } = closed;
  const what = [
    unknownEmails > 0 ? `${unknownEmails} ${unknownEmails === 1 ? 'e-mail' : 'e-mails'} nobody here has` : '',
    addresses > 0 ? `${addresses} network ${addresses === 1 ? 'address' : 'addresses'}` : '',
  ].filter(Boolean);
  if (what.length === 0 || until === null) return null;
  return (
    <div className="mb-3">
      <Notice tone="warn">
        Somebody is guessing: sign-in is closed for {what.join(' and ')}. It opens by itself within <Left at={until} />.
      </Notice>
    </div>
  );
}
