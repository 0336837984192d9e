import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Book, type Payment } from './book';
import { receiptHeader, ReceiptVerifier, type ReceiptRefusal, type ToolKey } from '../../sdk/src/index';

const bodyBytesMax = 16 * 1024;
const requestMsMax = 10_000;
/** What each address does: the action type it stands for, and what a payment is then. */
const doors = {
  '/payments/schedule': { action: 'payments.schedule', kind: 'scheduled' },
  '/payments/execute': { action: 'payments.execute', kind: 'paid' },
} as const;
const members = ['invoice', 'vendor', 'amount', 'currency'] as const;
const amountShape = /^(0|[1-9][0-9]{0,11})(\.[0-9]{1,2})?$/;
// Our fault, not the caller's: it may come again with a fresh receipt.
const unsure: ReadonlySet<string> = new Set(['KEYS_UNAVAILABLE', 'STORE_UNAVAILABLE', 'CLOCK_UNSURE']);

type Order = Pick<Payment, (typeof members)[number]>;

export type PaymentsOptions = {
  gatewayUrl: string;
  file: string;
  log: (line: string) => void;
  now?: () => Date;
  /** With a tool key, refused calls are told to the gateway. */
  toolKey?: ToolKey | undefined;
};

/** createPayments is a payments service that pays only what a Countersign receipt allows, and each decision once. */
export function createPayments({ gatewayUrl, file, log, now = () => new Date(), toolKey }: PaymentsOptions): {
  server: Server;
  book: Book;
} {
  const book = new Book(file);
  const verifier = new ReceiptVerifier({ url: gatewayUrl, now, ...(toolKey ? { report: toolKey } : {}) });
  const server = createServer({ requestTimeout: requestMsMax }, (request, response) => {
    answer(request, response, { book, verifier, log }).catch((error: unknown) => {
      // What the disk did not take is not in the book; whoever sent it may send it again.
      log(`failed: ${error instanceof Error ? error.message : String(error)}`);
      send(response, 500, { code: 'FAILED', detail: 'The payment is not in the book. Send it again.' });
    });
  });
  return { server, book };
}

type Parts = { book: Book; verifier: ReceiptVerifier; log: (line: string) => void };

async function answer(request: IncomingMessage, response: ServerResponse, { book, verifier, log }: Parts): Promise<void> {
  const { url = '', method } = request;
  if (method === 'GET' && url === '/payments') return send(response, 200, { payments: book.payments });
  const door = Object.hasOwn(doors, url) ? doors[url as keyof typeof doors] : undefined;
  if (!door || method !== 'POST') return send(response, 404, { code: 'NOT_FOUND', detail: 'There is nothing at this address.' });
  const order = readOrder(await bodyOf(request));
  if (!order) return send(response, 400, { code: 'MALFORMED', detail: `A payment has ${members.join(', ')}, and no more.` });

  const sent = request.headers[receiptHeader];
  // The call as it was received: its digest must be the one that was decided on.
  const call = { action: door.action, resource: { type: 'invoice', id: order.invoice }, arguments: order };
  const verdict = await verifier.verify(typeof sent === 'string' ? sent : undefined, call);
  if (!verdict.ok) {
    log(`refused  ${describe(order)}: ${verdict.text}`);
    return refuse(response, verdict);
  }
  const { decision, agent, approval } = verdict.claims;
  const payment: Payment = {
    id: `pay_${randomUUID().replaceAll('-', '').slice(0, 20)}`,
    at: new Date().toISOString(),
    kind: door.kind,
    ...order,
    decision,
    agent,
    ...(approval === undefined ? {} : { approval }),
  };
  if (!book.add(payment)) {
    log(`refused  ${describe(order)}: ${decision} was used before.`);
    const detail = 'This decision was carried out before; nothing was paid now.';
    return send(response, 409, { code: 'RECEIPT_USED_BEFORE', detail, payment: book.madeUnder(decision) });
  }
  log(`${payment.kind.padEnd(10)}${describe(order)} as ${payment.id} under ${decision}${approval === undefined ? '' : ` and ${approval}`}`);
  return send(response, 201, payment);
}

function refuse(response: ServerResponse, { code, text }: ReceiptRefusal): void {
  const status = unsure.has(code) ? 503 : 403;
  send(response, status, { code: `RECEIPT_${code}`, detail: `${text} Nothing was paid.` });
}

/** readOrder reads exactly the members of a payment, all of them text; undefined for anything else. */
function readOrder(text: string | undefined): Order | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  const isKnown = (name: string): boolean => members.some((member) => member === name);
  if (entries.length !== members.length || !entries.every(([name, one]) => isKnown(name) && typeof one === 'string' && one !== ''))
    return undefined;
  // All four are there, and text: checked above.
  const order = value as Order;
  return amountShape.test(order.amount) && /^[A-Z]{3}$/.test(order.currency) ? order : undefined;
}

function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bodyBytesMax) chunks.push(chunk);
    });
    request.on('end', () => resolve(size <= bodyBytesMax ? Buffer.concat(chunks).toString('utf8') : undefined));
    request.on('error', () => resolve(undefined));
  });
}

const describe = ({ amount, currency, vendor, invoice }: Order): string => `${amount} ${currency} to ${vendor} for ${invoice}`;

function send(response: ServerResponse, status: number, body: unknown): void {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(JSON.stringify(body));
}
