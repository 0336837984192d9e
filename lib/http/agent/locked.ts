import type { Locked } from '@/lib/ledger/service/guard';

const differs =
  'This gateway is locked: its database is behind, or differs from, what was handed outside before, as after the restore of an older backup.';
const unknown = 'This gateway is locked: it cannot compare its database with what was handed outside before.';

/** lockedText says to an agent why nothing is decided; what exactly differs is for people. */
export const lockedText = (locked: Locked): string =>
  `${locked.differs ? differs : unknown} Nothing was decided or recorded, so the action must not go ahead. People have to look first.`;
