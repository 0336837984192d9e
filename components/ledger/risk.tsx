import { Fact, Facts } from '@/components/text/facts';
import { conversionOf, formatMoney } from '@/lib/approvals/domain/wording';
import type { RiskReading } from '@/lib/policy/schema';

/** Risk lists what was read from the exact arguments, dimension by dimension. */
export function Risk({ risk }: { risk: RiskReading }) {
  const { money } = risk;
  return (
    <Facts>
      <Fact name="Effect">{risk.effect}</Fact>
      {money === undefined ? null : (
        <Fact name="Money">
          <span className="tabular">
            {formatMoney((money.of ?? money).amount, (money.of ?? money).currency)}
            {money.of === undefined ? '' : `, ${conversionOf(risk) ?? ''}`}
          </span>
        </Fact>
      )}
      {risk.records === undefined ? null : (
        <Fact name="Records">
          <span className="tabular">{new Intl.NumberFormat('en').format(risk.records)}</span>
        </Fact>
      )}
      <Fact name="Reversibility">{risk.reversibility}</Fact>
      <Fact name="Sensitivity">{risk.sensitivity}</Fact>
      <Fact name="Audience">{risk.audience}</Fact>
      <Fact name="Data categories">{risk.categories.length === 0 ? 'none' : risk.categories.join(', ')}</Fact>
      <Fact name="Regimes">{risk.regimes.length === 0 ? 'none' : risk.regimes.join(', ')}</Fact>
      {risk.confidence === undefined ? null : (
        <Fact name="Confidence">
          <span className="tabular">{risk.confidence}</span> <span className="text-ink-2">as the agent gave it</span>
        </Fact>
      )}
    </Facts>
  );
}
