/** Where a person goes after signing in when nothing else was asked for. */
export const homePath = '/home';

/** Where whoever signed in with a one-time password chooses one of their own; nothing else opens until then. */
export const newPasswordPath = '/sign-in/new-password';

/** safeReturn keeps a path of our own to go back to; anything that could lead to another site becomes the home page. */
export function safeReturn(from: unknown): string {
  if (typeof from !== 'string' || !/^\/(?![/\\])[^\s\\\p{C}]*$/u.test(from)) return homePath;
  return from === '/' || from.startsWith('/sign-in') || from.startsWith('/api/') ? homePath : from;
}
