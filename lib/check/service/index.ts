export { Doorkeeper, type TokenResult } from './doorkeeper';
export { Gatekeeper, type CheckInput, type CheckResult } from './gatekeeper';
export { RulesKeeper } from './rules-keeper';
export { Waiters } from './waiters';
export { readiness } from './readiness';
