import os from 'node:os';
import type { PrismaClient } from '@/lib/platform/db/generated/client';
import type { RunRecorder } from '../queues';
import { errorLengthMax } from '../schema';
import { deleteOldRuns, endRun, startRun } from '../store';

/** Days that a run is kept. */
const keptDays = 30;
/** Runs of one job that are kept, however many there were in that time. */
const keptRunsMax = 2_000;
/** Runs that one statement of the sweep removes. */
export const runsSweepBatchMax = 1_000;
const hostLengthMax = 40;

/** workerId names this process for people: the host's first name and the process id. */
export const workerId = (): string => `${(os.hostname().split('.')[0] ?? '').slice(0, hostLengthMax)}:${process.pid}`;

/** recordRuns answers a recorder that writes each run when it begins and when it ended, and takes along what a person asked of that job. */
export function recordRuns(db: PrismaClient, worker = workerId()): RunRecorder {
  return async (job, run) => {
    const id = await startRun(db, job, worker);
    try {
      const changed = await run();
      await endRun(db, id, changed, null);
      return changed;
    } catch (error) {
      await endRun(db, id, null, textOf(error));
      throw error;
    }
  };
}

function textOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().slice(0, errorLengthMax) || 'It failed without saying why.';
}

/** sweepRuns removes up to one batch of runs that are too old, or more than are kept of their job; counts. */
export const sweepRuns = (db: PrismaClient): Promise<number> => deleteOldRuns(db, keptDays, keptRunsMax, runsSweepBatchMax);
