export { askJob, type AskOutcome } from './ask';
export { runOwed } from './owed';
export { recordRuns, runsSweepBatchMax, sweepRuns, workerId } from './runs';
