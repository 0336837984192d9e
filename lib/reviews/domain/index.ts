export * from './days';
export * from './decide';
export * from './periods';
export * from './reminders';
export * from './reviewers';
