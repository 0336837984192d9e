import path from 'node:path';
import { parseArgs } from 'node:util';
import { createPayments } from './service';
import { installation } from '../installation';

const usage = `A small payments service that pays only what a Countersign receipt allows.

  npm run example:payments [-- --port 4010] [--file FILE] [--gateway URL]

  POST /payments/schedule, POST /payments/execute   one payment: invoice, vendor, amount, currency; the receipt in the header countersign-receipt
  GET  /payments                                    all of them

  TOOL_KEY=tky_…:cst_…  tells the gateway of calls without a receipt; people make one on the page of the system, under Registry`;

const { values } = parseArgs({
  options: { port: { type: 'string' }, file: { type: 'string' }, gateway: { type: 'string' }, help: { type: 'boolean' } },
});
if (values.help) {
  console.log(usage);
} else {
  const { gatewayUrl, folder } = installation();
  const file = path.resolve(values.file ?? path.join(folder, 'payments.jsonl'));
  const [keyId = '', secret = ''] = (process.env['TOOL_KEY'] ?? '').split(':');
  const toolKey = keyId === '' || secret === '' ? undefined : { keyId, secret };
  const { server, book } = createPayments({ gatewayUrl: values.gateway ?? gatewayUrl, file, log: (line) => console.log(line), toolKey });
  const port = Number(values.port ?? process.env['PAYMENTS_PORT'] ?? 4010);
  server.once('error', (error) => {
    console.error(`The payments service cannot listen on port ${port}: ${error.message}. Take another with --port.`);
    process.exitCode = 1;
  });
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    const shown = typeof address === 'object' && address !== null ? address.port : port;
    console.log(`Payments at http://127.0.0.1:${shown}/payments, ${book.payments.length} so far in ${file}`);
  });
}
