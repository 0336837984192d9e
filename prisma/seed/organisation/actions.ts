import type { Classification, NewActionType, NewSystem } from '@/lib/registry/schema';
import type { Random } from '../history/random';
import * as small from '../sample';
import { amount, code, count, currency, words, type Field } from './fields';

/** The systems agents act on; the ERP is the small sample's. */
export const systems: readonly (NewSystem & { id: string })[] = [
  { ...small.system, id: 'sys_erp', description: 'Invoices, payments, ledgers and vendors.' },
  { id: 'sys_desk', name: 'Service desk', description: 'Tickets, bookings and refunds of customers.' },
  { id: 'sys_sourcing', name: 'Sourcing', description: 'Purchase orders and the vendors they go to.' },
  { id: 'sys_hris', name: 'HR system', description: 'Employees, leave and applications.' },
  { id: 'sys_crm', name: 'CRM', description: 'Contacts, deals and campaigns.' },
  { id: 'sys_operations', name: 'Operations console', description: 'Hosts, services and their configuration.' },
  { id: 'sys_contracts', name: 'Contract store', description: 'Contracts, their drafts and signatures.' },
  { id: 'sys_transport', name: 'Transport management', description: 'Shipments, carriers and customs.' },
];

type Fields = Readonly<Record<string, Field>>;
type Risk = Omit<Classification, 'sensitivity' | 'audience'> & {
  sensitivity?: Classification['sensitivity'];
  audience?: Classification['audience'];
};
type Row = { title: string; sentence: string; system: string; fields: Fields; risk: Risk };

const none = { constant: [] };
const labels = (...names: string[]) => ({ constant: names });
const moves = { pointer: '/amount', currency: { pointer: '/currency' } };
const undoneBy = (action: string) => ({ reversibility: 'reversible' as const, compensation: { action } });
const one = { constant: 1 };
const counted = { pointer: '/count' };
const booking = code('BK');
const hour = 3600;

/** Every action type but those of the small sample, with how its arguments are drawn. */
const rows: Readonly<Record<string, Row>> = {
  'invoices.match': {
    title: 'Invoice matches',
    sentence: 'Match invoice {invoice} with order {order}',
    system: 'sys_erp',
    fields: { invoice: code('INV'), order: code('PO') },
    risk: { effect: 'write', ...undoneBy('invoices.match'), records: one },
  },
  'vendors.update': {
    title: 'Vendor master changes',
    sentence: 'Change {field} of vendor {vendor}',
    system: 'sys_erp',
    fields: { vendor: code('V', 10, 400), field: words('address', 'contact', 'payment terms') },
    risk: {
      effect: 'write',
      ...undoneBy('vendors.update'),
      records: one,
      sensitivity: { constant: 'confidential' },
      counterparty: '/vendor',
    },
  },
  'journals.post': {
    title: 'Journal postings',
    sentence: 'Post {amount} {currency} to account {account}',
    system: 'sys_erp',
    fields: { account: code('ACC', 1000, 7999), amount: amount(200, 9_000), currency },
    risk: {
      effect: 'execute',
      reversibility: 'compensable',
      compensation: { action: 'journals.post' },
      money: moves,
      regimes: labels('sox'),
    },
  },
  'tickets.read': {
    title: 'Ticket reads',
    sentence: 'Read ticket {ticket}',
    system: 'sys_desk',
    fields: { ticket: code('T') },
    risk: { effect: 'read', reversibility: 'reversible', records: one, categories: labels('pii') },
  },
  'tickets.reply': {
    title: 'Replies to customers',
    sentence: 'Answer ticket {ticket} from template {template}',
    system: 'sys_desk',
    fields: { ticket: code('T'), template: words('delay', 'baggage', 'rebooking', 'thanks') },
    risk: { effect: 'send', ...undoneBy('tickets.retract'), audience: { constant: 'external' } },
  },
  'tickets.close': {
    title: 'Closed tickets',
    sentence: 'Close ticket {ticket}',
    system: 'sys_desk',
    fields: { ticket: code('T') },
    risk: { effect: 'write', ...undoneBy('tickets.reopen') },
  },
  'bookings.change': {
    title: 'Booking changes',
    sentence: 'Move booking {booking} to flight {flight}',
    system: 'sys_desk',
    fields: { booking, flight: code('HAT', 100, 399) },
    risk: { effect: 'write', ...undoneBy('bookings.change'), reversal: { windowSeconds: 24 * hour } },
  },
  'refunds.issue': {
    title: 'Refunds',
    sentence: 'Refund {amount} {currency} of booking {booking}',
    system: 'sys_desk',
    fields: { booking, amount: amount(15, 700), currency },
    risk: { effect: 'execute', ...undoneBy('refunds.cancel'), money: moves, counterparty: '/booking' },
  },
  'orders.read': {
    title: 'Purchase order reads',
    sentence: 'Read order {order}',
    system: 'sys_sourcing',
    fields: { order: code('PO') },
    risk: { effect: 'read', reversibility: 'reversible', records: one },
  },
  'orders.create': {
    title: 'Purchase orders',
    sentence: 'Order {item} for {amount} {currency} from vendor {vendor}',
    system: 'sys_sourcing',
    fields: {
      item: words('toner', 'laptops', 'safety shoes', 'packaging'),
      vendor: code('V', 10, 400),
      amount: amount(40, 13_000),
      currency,
    },
    risk: { effect: 'execute', ...undoneBy('orders.cancel'), money: moves, counterparty: '/vendor' },
  },
  'quotes.request': {
    title: 'Requests for quotes',
    sentence: 'Ask vendor {vendor} for a quote on {item}',
    system: 'sys_sourcing',
    fields: { vendor: code('V', 10, 400), item: words('toner', 'laptops', 'cleaning', 'packaging') },
    risk: { effect: 'send', ...undoneBy('quotes.withdraw'), audience: { constant: 'external' } },
  },
  'employees.read': {
    title: 'Employee record reads',
    sentence: 'Read the record of employee {employee}',
    system: 'sys_hris',
    fields: { employee: code('E', 1000, 4999) },
    risk: {
      effect: 'read',
      reversibility: 'reversible',
      records: one,
      sensitivity: { constant: 'confidential' },
      categories: labels('pii'),
    },
  },
  'leave.record': {
    title: 'Leave entries',
    sentence: 'Record {days} days of leave for employee {employee}',
    system: 'sys_hris',
    fields: { employee: code('E', 1000, 4999), days: count(1, 15) },
    risk: { effect: 'write', ...undoneBy('leave.cancel'), records: one, categories: labels('pii') },
  },
  'applications.read': {
    title: 'Application reads',
    sentence: 'Read application {application}',
    system: 'sys_hris',
    fields: { application: code('AP') },
    risk: { effect: 'read', reversibility: 'reversible', records: one, categories: labels('pii') },
  },
  'candidates.rank': {
    title: 'Candidate rankings',
    sentence: 'Rank {count} candidates for opening {opening}',
    system: 'sys_hris',
    fields: { opening: code('JOB', 100, 999), count: count(3, 60) },
    risk: {
      effect: 'write',
      ...undoneBy('candidates.rank'),
      records: counted,
      categories: labels('pii'),
      regimes: labels('eu-ai-act-high-risk'),
    },
  },
  'contacts.read': {
    title: 'Contact reads',
    sentence: 'Read {count} contacts of segment {segment}',
    system: 'sys_crm',
    fields: { segment: words('new', 'dormant', 'enterprise', 'partners'), count: count(1, 300) },
    risk: { effect: 'read', reversibility: 'reversible', records: counted, categories: labels('pii') },
  },
  'contacts.update': {
    title: 'Contact changes',
    sentence: 'Change {count} contacts of segment {segment}',
    system: 'sys_crm',
    fields: { segment: words('new', 'dormant', 'enterprise', 'partners'), count: count(1, 120) },
    risk: { effect: 'write', ...undoneBy('contacts.restore'), records: counted, categories: labels('pii') },
  },
  'deals.update': {
    title: 'Deal changes',
    sentence: 'Move deal {deal} to {step}',
    system: 'sys_crm',
    fields: { deal: code('D'), step: words('qualified', 'offer', 'won', 'lost') },
    risk: { effect: 'write', ...undoneBy('deals.update') },
  },
  'campaigns.send': {
    title: 'Campaign mails',
    sentence: 'Send campaign {campaign} to {count} contacts',
    system: 'sys_crm',
    fields: { campaign: code('C', 100, 999), count: count(20, 900) },
    risk: { effect: 'send', reversibility: 'irreversible', audience: { constant: 'external' }, records: counted },
  },
  'hosts.read': {
    title: 'Host reads',
    sentence: 'Read the state of host {host}',
    system: 'sys_operations',
    fields: { host: code('h', 1, 240) },
    risk: { effect: 'read', reversibility: 'reversible' },
  },
  'alerts.acknowledge': {
    title: 'Acknowledged alerts',
    sentence: 'Acknowledge alert {alert}',
    system: 'sys_operations',
    fields: { alert: code('AL') },
    risk: { effect: 'write', ...undoneBy('alerts.reopen') },
  },
  'services.restart': {
    title: 'Service restarts',
    sentence: 'Restart {service} on host {host}',
    system: 'sys_operations',
    fields: { host: code('h', 1, 240), service: words('web', 'queue', 'search', 'mail') },
    risk: { effect: 'execute', ...undoneBy('services.restart') },
  },
  'configuration.change': {
    title: 'Configuration changes',
    sentence: 'Set {setting} on {count} hosts',
    system: 'sys_operations',
    fields: { setting: words('log level', 'pool size', 'retention'), count: count(1, 40) },
    risk: { effect: 'write', ...undoneBy('configuration.change'), regimes: labels('system-configuration') },
  },
  'contracts.read': {
    title: 'Contract reads',
    sentence: 'Read contract {contract}',
    system: 'sys_contracts',
    fields: { contract: code('CT', 100, 2999) },
    risk: {
      effect: 'read',
      reversibility: 'reversible',
      records: one,
      sensitivity: { constant: 'confidential' },
      categories: labels('legal'),
    },
  },
  'contracts.draft': {
    title: 'Contract drafts',
    sentence: 'Draft {kind} for contract {contract}',
    system: 'sys_contracts',
    fields: { contract: code('CT', 100, 2999), kind: words('an amendment', 'a renewal', 'a summary') },
    risk: { effect: 'write', ...undoneBy('contracts.discard'), categories: labels('legal') },
  },
  'contracts.send': {
    title: 'Contracts sent out',
    sentence: 'Send contract {contract} to {counterparty}',
    system: 'sys_contracts',
    fields: { contract: code('CT', 100, 2999), counterparty: code('V', 10, 400) },
    risk: {
      effect: 'send',
      ...undoneBy('contracts.withdraw'),
      audience: { constant: 'external' },
      categories: labels('legal'),
      counterparty: '/counterparty',
    },
  },
  'shipments.read': {
    title: 'Shipment reads',
    sentence: 'Read shipment {shipment}',
    system: 'sys_transport',
    fields: { shipment: code('SH') },
    risk: { effect: 'read', reversibility: 'reversible' },
  },
  'shipments.book': {
    title: 'Booked shipments',
    sentence: 'Book {amount} {currency} of freight with carrier {carrier}',
    system: 'sys_transport',
    fields: { shipment: code('SH'), carrier: code('CR', 10, 60), amount: amount(30, 2_500), currency },
    risk: { effect: 'execute', ...undoneBy('shipments.cancel'), money: moves, counterparty: '/carrier' },
  },
  'shipments.reroute': {
    title: 'Rerouted shipments',
    sentence: 'Reroute shipment {shipment} over {hub}',
    system: 'sys_transport',
    fields: { shipment: code('SH'), hub: words('Rotterdam', 'Leipzig', 'Lyon', 'Gdansk') },
    risk: { effect: 'write', ...undoneBy('shipments.reroute') },
  },
  'customs.declare': {
    title: 'Customs declarations',
    sentence: 'Declare shipment {shipment} to customs',
    system: 'sys_transport',
    fields: { shipment: code('SH') },
    risk: { effect: 'execute', reversibility: 'irreversible', regimes: labels('regulatory-filing') },
  },
};

const payment = { invoice: code('INV'), vendor: code('V', 10, 400), amount: amount(60, 4_000), currency };
const drawn: Readonly<Record<string, Fields>> = {
  ...Object.fromEntries(Object.entries(rows).map(([name, { fields }]) => [name, fields])),
  'invoices.read': { invoice: payment.invoice },
  'payments.schedule': payment,
  'payments.execute': payment,
};

/** Every action type of the organisation, those that undo others first. */
export const actionTypes: readonly NewActionType[] = [
  ...small.compensations,
  ...small.actionTypes,
  ...Object.entries(rows).map(([name, { fields, risk, ...row }]) => ({
    name,
    ...row,
    parameters: {
      type: 'object',
      additionalProperties: false,
      required: Object.keys(fields),
      properties: Object.fromEntries(Object.entries(fields).map(([field, { schema }]) => [field, schema])),
    },
    classification: {
      sensitivity: { constant: 'internal' as const },
      audience: { constant: 'internal' as const },
      categories: none,
      regimes: none,
      ...risk,
    },
  })),
];

/** drawArguments answers arguments as real work would have them; `over` replaces some of what is drawn. */
export function drawArguments(action: string, random: Random, over: Fields = {}): Record<string, unknown> {
  const fields = { ...drawn[action], ...over };
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.draw(random)]));
}
