import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FieldPath, FieldValues, UseFormSetError } from 'react-hook-form';
import { ApiProblem } from './query';

/** sentenceOf is what to tell a person about a failed save: what happened, and that what was typed is still here. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiProblem) return error.message;
  return 'The server could not be reached, so nothing is known to be saved. What you typed is still here; try again.';
}

/** placeErrors puts the server's refusals beside the fields they are about; answers whether all of them found one. */
export function placeErrors<Values extends FieldValues>(
  error: unknown,
  setError: UseFormSetError<Values>,
  fields: readonly FieldPath<Values>[],
): boolean {
  if (!(error instanceof ApiProblem) || error.errors.length === 0) return false;
  let placed = 0;
  for (const { pointer, detail } of error.errors) {
    const path = pointer.replace(/^\//, '').replaceAll('/', '.');
    const field = fields.find((name) => name === path) ?? fields.find((name) => path.startsWith(`${name}.`));
    if (field === undefined) continue;
    setError(field, { type: 'server', message: detail });
    placed += 1;
  }
  return placed === error.errors.length;
}

/** useSave runs one change of the API and asks again for everything it may have changed. */
export function useSave<Input, Answer>(save: (input: Input) => Promise<Answer>, touches: readonly string[]) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: save,
    onSettled: () => Promise.all(touches.map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}
