/** The request header in which proxy.ts hands pages their own path and query. */
export const pathHeader = 'x-countersign-path';
