import type { Scenario } from './scenario';
import { killedDatabase } from './scenarios/killed-database';
import { killedGateway } from './scenarios/killed-gateway';

/** Every promise that is tortured, in the order it is. */
export const scenarios: readonly Scenario[] = [killedGateway, killedDatabase];
