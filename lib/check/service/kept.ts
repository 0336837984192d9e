import type pg from 'pg';
import { findKeptAnswer, type KeptAnswer } from '../store/reads';

/** readKeptAnswer reads what was answered to an agent's idempotency key, for later features whose rows are written with one; undefined when the key is free. */
export const readKeptAnswer = (reads: pg.Pool, agent: string, keyHash: Uint8Array): Promise<KeptAnswer | undefined> =>
  findKeptAnswer(reads, agent, keyHash);
