export * from './activity';
export * from './approvals';
export * from './arguments';
export * from './events';
export * from './halts';
export * from './supervised';
