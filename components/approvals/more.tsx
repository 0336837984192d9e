import { Button } from '@/components/ui/button';

type Query = {
  isPending: boolean;
  isError: boolean;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
};

/** More is the foot of a list that comes page by page, and says when it could not be read. */
export function More({ query, word = 'Show older' }: { query: Query; word?: string }) {
  return (
    <>
      {query.isPending ? <p className="px-4 py-3 text-sm text-ink-2">Reading…</p> : null}
      {query.isError ? <p className="px-4 py-2 text-sm text-danger">The list could not be read again. What is shown may be old.</p> : null}
      {query.hasNextPage ? (
        <div className="flex justify-center py-3">
          <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
            {query.isFetchingNextPage ? 'Reading…' : word}
          </Button>
        </div>
      ) : null}
    </>
  );
}
