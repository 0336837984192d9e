export * from './change-requests';
export * from './succession';
