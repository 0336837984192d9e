export { readDraft, readFormOptions } from './draft';
export { readEffectiveTiers, type AgentTiers } from './effective';
export { listPolicies } from './list';
export { policyKey, readPolicyNames } from './names';
export { readPolicy, readPolicyVersion } from './policy';
