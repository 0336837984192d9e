import { decimalUnits, formatUnits, groupThousands } from '@/lib/kernel/money';
import type { DecisionReason } from '@/lib/check/schema';

const quantity = /^(\d+(?:\.\d+)?)(?: ([A-Z]{3}))?$/;
type Quantity = { units: bigint; unit: string };

function quantityOf(text: string | undefined): Quantity | null {
  const [, number, unit = ''] = quantity.exec(text ?? '') ?? [];
  const units = number === undefined ? null : decimalUnits(number);
  return units === null ? null : { units, unit };
}

const written = ({ units, unit }: Quantity): string =>
  unit === '' ? groupThousands(formatUnits(units, 0)) : `${groupThousands(formatUnits(units, 2))} ${unit}`;

/**
 * marginOf says by how much a reason went past where its tier begins: `67,704.00 USD is 17,704.00 USD above the 50,000.00 USD where Tier 3 begins`.
 * Null when the reason has no threshold.
 */
export function marginOf({ dimension, observed, threshold, tier }: DecisionReason): string | null {
  if (observed === undefined || threshold === undefined || tier === null) return null;
  const [seen, limit] = [quantityOf(observed), quantityOf(threshold)];
  if (!seen || !limit || seen.unit !== limit.unit)
    return observed === threshold
      ? `${observed} is where Tier ${tier} begins`
      : `${observed} is beyond ${threshold}, where Tier ${tier} begins`;
  const below = dimension === 'confidence';
  const distance = { units: below ? limit.units - seen.units : seen.units - limit.units, unit: seen.unit };
  if (distance.units <= 0n) return `${written(seen)} is exactly where Tier ${tier} begins`;
  return `${written(seen)} is ${written(distance)} ${below ? 'below' : 'above'} the ${written(limit)} where Tier ${tier} begins`;
}
