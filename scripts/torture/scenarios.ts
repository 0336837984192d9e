import type { Scenario } from './scenario';
import { droppedReplies } from './scenarios/dropped-replies';
import { failsClosed } from './scenarios/fails-closed';
import { killedAgent } from './scenarios/killed-agent';
import { killedDatabase } from './scenarios/killed-database';
import { killedGateway } from './scenarios/killed-gateway';
import { killedJobs } from './scenarios/killed-jobs';
import { mixedLoad } from './scenarios/mixed-load';
import { neverDurable } from './scenarios/never-durable';
import { redeemRace } from './scenarios/redeem-race';
import { slowCommits } from './scenarios/slow-people';
import { verdictRace } from './scenarios/verdict-race';

/** Every promise that is tortured, in the order it is. */
export const scenarios: readonly Scenario[] = [
  slowCommits,
  killedAgent,
  redeemRace,
  verdictRace,
  droppedReplies,
  mixedLoad,
  neverDurable,
  failsClosed,
  killedGateway,
  killedDatabase,
  killedJobs,
];
