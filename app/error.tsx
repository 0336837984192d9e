'use client';

import { Broken } from '@/components/shell/broken';

export default function PageError(props: { error: Error & { digest?: string } }) {
  return (
    <main>
      <Broken {...props} />
    </main>
  );
}
