export * from './change-requests';
