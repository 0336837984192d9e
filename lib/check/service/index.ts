export { Canceller, type CancelResult } from './canceller';
export { Doorkeeper, type TokenResult } from './doorkeeper';
export { Gatekeeper, type CheckInput, type CheckResult } from './gatekeeper';
export { readKeptAnswer } from './kept';
export { RulesKeeper } from './rules-keeper';
export { Waiters } from './waiters';
export { readiness } from './readiness';
export { agentStanding, type StandingResult } from './standing';
