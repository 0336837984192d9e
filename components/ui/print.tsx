'use client';

import { Printer } from 'lucide-react';
import { Button } from '@/components/ui/button';

// The console's frame is as high as the window and scrolls inside; on paper there is neither.
const sheet = `@media print {
  @page { size: A4 landscape; margin: 12mm; }
  html, body { background: #fff !important; }
  body header:has([data-live]), nav, [data-no-print] { display: none !important; }
  .h-dvh { display: block !important; height: auto !important; }
  #content { overflow: visible !important; }
}`;

/** Print prints the page it stands on, without the console around it. */
export function Print() {
  return (
    <>
      <style>{sheet}</style>
      <Button onClick={() => window.print()} className="max-md:hidden" data-no-print>
        <Printer size={14} aria-hidden /> Print
      </Button>
    </>
  );
}
