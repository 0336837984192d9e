import { CopyButton } from '@/components/ui/copy-button';

/** FirstDecision says what the page is for and gives the one command that puts something on it. */
export function FirstDecision({ gatewayUrl }: { gatewayUrl: string }) {
  const body = JSON.stringify({
    action: { name: 'payments.schedule' },
    resource: { type: 'invoice', id: 'INV-1003' },
    context: {
      arguments: { invoice: 'INV-1003', vendor: 'V-88', amount: '62000.00', currency: 'EUR' },
      summary: 'Pay invoice INV-1003',
      supported_obligations: ['report_outcome'],
    },
  });
  const command = `TOKEN=$(npm run --silent token -- agt_invoices)\ncurl -s ${gatewayUrl}/api/check -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -d '${body}'`;
  return (
    <div className="flex max-w-[72ch] flex-col gap-3 px-4 py-6 md:px-6">
      <h2>No agent has asked yet</h2>
      <p className="text-ink-2">
        Every question an agent asks, the answer it got and all that people did about it stand here, in one order that cannot be changed.
        Ask the first one, in a terminal in the folder of Countersign:
      </p>
      <div className="relative rounded-md border border-line bg-sunken">
        <CopyButton text={command} label="Copy the command" className="absolute top-1.5 right-1.5 bg-sunken" />
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <pre tabIndex={0} className="overflow-x-auto p-3 pr-10 text-xs leading-5 whitespace-pre-wrap [overflow-wrap:anywhere]">
          {command}
        </pre>
      </div>
    </div>
  );
}

export function NothingMatches() {
  return (
    <div className="flex max-w-[72ch] flex-col gap-1 px-4 py-6 md:px-6">
      <h2>Nothing in the ledger matches</h2>
      <p className="text-ink-2">Take a filter away to see more.</p>
    </div>
  );
}
