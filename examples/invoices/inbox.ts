import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

type Vendor = { id: string; name: string };
export type Invoice = {
  kind: 'invoice';
  number: string;
  vendor: Vendor;
  due: string;
  purchase_order: string;
  total: { amount: string; currency: string };
  terms: string;
  /** How well it matches its purchase order, 0 to 1. */
  matched: number;
};
/** A letter in the same folder: a vendor who asks to be deleted. */
export type Removal = { kind: 'vendor_removal'; number: string; vendor: Vendor; text: string };
export type Item = Invoice | Removal;

/** readInbox reads a folder of JSON files, in the order of their names. Only kind and number are looked at: a wrong amount is the gate's to refuse. */
export function readInbox(folder: string): Item[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.sort().map((name) => {
    const item: unknown = JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
    const isItem = typeof item === 'object' && item !== null && 'kind' in item && 'number' in item && typeof item.number === 'string';
    if (!isItem || (item.kind !== 'invoice' && item.kind !== 'vendor_removal'))
      throw new Error(`${name} is neither an invoice nor a request.`);
    return item as Item;
  });
}

/** money writes an amount as people do: 62,000.00 EUR. */
export const money = ({ amount, currency }: Invoice['total']): string => `${amount.replace(/\B(?=(\d{3})+(?!\d))/g, ',')} ${currency}`;
