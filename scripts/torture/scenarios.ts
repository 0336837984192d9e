import type { Scenario } from './scenario';
import { droppedReplies } from './scenarios/dropped-replies';
import { killSwitch } from './scenarios/kill-switch';
import { killedDatabase } from './scenarios/killed-database';
import { killedGateway } from './scenarios/killed-gateway';
import { redeemRace } from './scenarios/redeem-race';
import { verdictRace } from './scenarios/verdict-race';

/** Every promise that is tortured, in the order it is. */
export const scenarios: readonly Scenario[] = [killSwitch, droppedReplies, redeemRace, verdictRace, killedGateway, killedDatabase];
