export {
  breakerAction,
  breakerKey,
  breakerRulesOf,
  circuitReason,
  countsAs,
  isTripped,
  openBreakerOf,
  openingOf,
  probeCharge,
} from './breakers';
export {
  decide,
  isKilled,
  isRevoked,
  type ActionFacts,
  type AgentFacts,
  type Draft,
  type Kills,
  type Learnt,
  type OpenBreaker,
  type Principal,
  type Rules,
} from './decide';
export { standingOf, stopsOf } from './standing';
export { canonicalAction, saidByAgent } from './digest';
export { buildPayload, buildAnswer, effectKeyOf, finishAnswer, receiptDue, receiptFacts, type AnswerCore, type Asked } from './answer';
