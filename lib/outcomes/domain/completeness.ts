import type { OutcomeCounts } from '../schema';

/** completeness is the share of actions whose outcome is known among those whose time to report is over or that were reported; null without any. */
export function completeness({ reported, missing }: OutcomeCounts): { share: number; n: number } | null {
  const n = reported + missing;
  return n === 0 ? null : { share: reported / n, n };
}

/** formatShare writes a share so that only all of them are 100 %. */
export function formatShare(share: number): string {
  if (share >= 1) return '100 %';
  return `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;
}
