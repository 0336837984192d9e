import { ApiProblem } from './query';
import { sentenceOf } from './save';

/** ProblemLine says why a change was not made, with the request id to quote; nothing without an error. */
export function ProblemLine({ error }: { error: unknown }) {
  return (
    // Without an error it takes no place, not even the gap of one.
    <div role="alert" className="empty:absolute">
      {error ? (
        <p
          className="rounded-md border border-danger bg-danger-soft px-3 py-2 text-sm"
          data-problem={error instanceof ApiProblem ? error.code : 'NETWORK'}
        >
          {sentenceOf(error)}
          {error instanceof ApiProblem && error.requestId !== '' ? (
            <code className="mt-1 block text-xs text-ink-2">{error.requestId}</code>
          ) : null}
        </p>
      ) : null}
    </div>
  );
}
