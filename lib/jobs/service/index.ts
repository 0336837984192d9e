export { askJob, type AskOutcome } from './ask';
export { recordRuns, runsSweepBatchMax, sweepRuns, workerId } from './runs';
