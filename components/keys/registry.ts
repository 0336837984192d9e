/** Every key of the console: what binds them is what the help lists. */
export const keys = {
  next: { key: 'j', label: 'Next in the list' },
  previous: { key: 'k', label: 'Previous in the list' },
  open: { key: 'o', label: 'Open' },
  approve: { key: 'a', label: 'Approve what is open' },
  reject: { key: 'r', label: 'Reject what is open' },
  help: { key: '?', label: 'All keys' },
} as const satisfies Record<string, { key: string; label: string }>;
export type KeyName = keyof typeof keys;
