'use client';

import { Eye, EyeOff } from 'lucide-react';
import { signIn } from 'next-auth/react';
import { useId, useRef, useState, type FormEvent } from 'react';
import { useAwake } from '@/components/text/awake';
import { Button } from '@/components/ui/button';

/** What the sign-in answered, as a sentence: it never says whether the e-mail or the password was wrong. */
function sentenceOf(error: string): string {
  const [code, seconds] = error.split(':');
  if (code === 'LOCKED') return `Too many wrong tries. Sign-in is closed for ${waiting(Number(seconds))}; nothing else was changed.`;
  if (code === 'CredentialsSignin') return 'E-mail and password do not belong together.';
  return 'Signing in does not work right now: the server cannot reach its database. Nothing was changed; try again in a moment.';
}

function waiting(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 1) return 'a while';
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? 'one minute' : `${minutes} minutes`;
}

const field = 'h-10 w-full rounded-md border border-control bg-raised px-3 text-base text-ink';

export function SignInForm({ from }: { from: string }) {
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const passwordField = useRef<HTMLInputElement>(null);
  const errorId = useId();

  const awake = useAwake();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // From the fields themselves: what was filled in before the page woke up is in no state of ours.
    const given = new FormData(event.currentTarget);
    const [email, password] = [String(given.get('email')), String(given.get('password'))];
    setBusy(true);
    setError(undefined);
    const answer = await signIn('credentials', { email, password, redirect: false }).catch(() => undefined);
    if (answer?.ok && !answer.error) {
      // A full load, so that nothing of the page before is kept.
      window.location.assign(from);
      return;
    }
    setBusy(false);
    setError(sentenceOf(answer?.error ?? 'UNAVAILABLE'));
    if (passwordField.current) passwordField.current.value = '';
    passwordField.current?.focus();
  };

  return (
    <form onSubmit={submit} method="post" className="flex flex-col gap-4" aria-describedby={error ? errorId : undefined}>
      <label className="flex flex-col gap-1.5">
        <span className="text-sm font-medium">E-mail</span>
        <input className={field} type="email" name="email" autoComplete="username" required autoFocus />
      </label>
      <div className="flex flex-col gap-1.5">
        <label htmlFor="password" className="text-sm font-medium">
          Password
        </label>
        <div className="relative">
          <input
            id="password"
            ref={passwordField}
            className={`${field} pr-11`}
            type={shown ? 'text' : 'password'}
            name="password"
            autoComplete="current-password"
            required
          />
          <button
            type="button"
            aria-label={shown ? 'Hide what I type' : 'Show what I type'}
            onClick={() => setShown(!shown)}
            className="absolute inset-y-1 right-1 grid w-8 place-items-center rounded-md text-ink-2 hover:bg-sunken hover:text-ink"
          >
            {shown ? <EyeOff size={16} aria-hidden /> : <Eye size={16} aria-hidden />}
          </button>
        </div>
      </div>
      <div id={errorId} role="alert">
        {error ? <p className="rounded-md border border-danger bg-danger-soft px-3 py-2 text-sm text-ink">{error}</p> : null}
      </div>
      <Button type="submit" tone="primary" size="lg" disabled={busy || !awake}>
        {busy ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  );
}
