import type { Scenario } from './scenario';
import { failsClosed } from './scenarios/faults';
import { killedAgent } from './scenarios/killed-agent';
import { killedDatabase } from './scenarios/killed-database';
import { killedGateway } from './scenarios/killed-gateway';
import { mixedLoad, slowCommits } from './scenarios/slow-people';

/** Every promise that is tortured, in the order it is. */
export const scenarios: readonly Scenario[] = [killedAgent, slowCommits, mixedLoad, failsClosed, killedGateway, killedDatabase];
