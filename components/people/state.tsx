import { Ago, Left } from '@/components/text/time';
import type { PersonRow } from '@/lib/people/schema';

/** PersonState says in a word or two whether somebody can sign in, and if not, why. */
export function PersonState({ person }: { person: Pick<PersonRow, 'status' | 'lockedUntil' | 'mustChangePassword'> }) {
  if (person.status === 'deactivated') return <span className="text-ink-2">Deactivated</span>;
  if (person.lockedUntil !== null)
    return (
      <span className="text-danger">
        Locked, <Left at={person.lockedUntil} /> left
      </span>
    );
  if (person.mustChangePassword) return <>One-time password</>;
  return <>Active</>;
}

export const LastSignIn = ({ at }: { at: string | null }) => (at === null ? <span className="text-ink-2">never</span> : <Ago at={at} />);
