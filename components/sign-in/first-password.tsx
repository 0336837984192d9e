'use client';

import { signOut } from 'next-auth/react';
import { PasswordForm } from '@/components/people/password';
import { Button } from '@/components/ui/button';

/** FirstPassword replaces a one-time password and then loads the page that was asked for, as a whole. */
export function FirstPassword({ email, from }: { email: string; from: string }) {
  return (
    <div className="flex flex-col gap-3">
      <PasswordForm
        email={email}
        presentLabel="One-time password"
        button="Choose this password"
        done={() => window.location.assign(from)}
      />
      <div>
        <Button tone="quiet" onClick={() => void signOut({ callbackUrl: '/sign-in' })}>
          Sign out
        </Button>
      </div>
    </div>
  );
}
