'use client';

/** Shown when even the frame of the page failed, so it stands without styles and scripts of ours. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body style={{ fontFamily: 'system-ui, sans-serif', padding: 32, lineHeight: 1.5 }}>
        <h1 style={{ fontSize: 20 }}>Countersign could not make this page</h1>
        <p>
          Nothing was changed. Load it again in a moment; if it stays, give this number to whoever runs the server: {error.digest ?? 'none'}
        </p>
      </body>
    </html>
  );
}
