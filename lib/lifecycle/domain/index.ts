export * from './succession';
export * from './change-requests';
