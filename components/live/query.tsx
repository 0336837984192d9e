'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Problem } from '@/lib/kernel/problem';
import type { z } from 'zod';

/** A refusal of the API, with the sentence to show and the id to quote. */
export class ApiProblem extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly requestId: string,
    /** What is wrong with single members of what was sent, by JSON Pointer. */
    readonly errors: readonly { pointer: string; detail: string }[] = [],
  ) {
    super(message);
  }
}

async function readAnswer<Shape extends z.ZodType>(answer: Response, shape: Shape): Promise<z.infer<Shape>> {
  const body: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return shape.parse(body);
  const problem = Problem.safeParse(body);
  if (problem.success && problem.data.code === 'SIGNED_OUT')
    window.location.assign(`/sign-in?from=${encodeURIComponent(window.location.pathname + window.location.search)}`);
  if (problem.success) throw new ApiProblem(problem.data.code, problem.data.detail, problem.data.request_id, problem.data.errors);
  throw new ApiProblem(
    'INTERNAL',
    'The server did not answer as it should. Nothing is known to have changed; look again before you repeat it.',
    '',
  );
}

/** apiGet reads one answer of our own API; throws ApiProblem. */
export const apiGet = async <Shape extends z.ZodType>(path: string, shape: Shape, signal?: AbortSignal): Promise<z.infer<Shape>> =>
  readAnswer(await fetch(path, { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) }), shape);

/** apiPost sends one verdict, or something new, and reads the answer; throws ApiProblem. */
export const apiPost = <Shape extends z.ZodType>(path: string, body: unknown, shape: Shape): Promise<z.infer<Shape>> =>
  apiSend('POST', path, body, shape);

/** apiPut sends the whole of an edited record and reads the answer; throws ApiProblem. */
export const apiPut = <Shape extends z.ZodType>(path: string, body: unknown, shape: Shape): Promise<z.infer<Shape>> =>
  apiSend('PUT', path, body, shape);

const apiSend = async <Shape extends z.ZodType>(
  method: 'POST' | 'PUT',
  path: string,
  body: unknown,
  shape: Shape,
): Promise<z.infer<Shape>> =>
  readAnswer(
    await fetch(path, {
      method,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    }),
    shape,
  );

export function QueryProvider({ children }: { children: ReactNode }) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { staleTime: 10_000, retry: 1, refetchOnWindowFocus: true } } }),
  );
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
