export {
  decide,
  isKilled,
  isRevoked,
  type ActionFacts,
  type AgentFacts,
  type Draft,
  type Kills,
  type Learnt,
  type Principal,
  type Rules,
} from './decide';
export { canonicalAction, saidByAgent } from './digest';
export { buildPayload, buildAnswer, finishAnswer, type AnswerCore, type Asked } from './answer';
