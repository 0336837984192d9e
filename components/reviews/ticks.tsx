import { Tick } from '@/components/ui/field';
import { usageDays, type PermissionUse } from '@/lib/reviews/reading/schema';
import { counted } from './words';

type Props = { permissions: readonly PermissionUse[]; chosen: readonly string[]; onChange: (chosen: string[]) => void };

/** PermissionTicks is what an agent may ask for, to choose what it shall lose: what it never used comes first. */
export function PermissionTicks({ permissions, chosen, onChange }: Props) {
  const unused = permissions.filter(({ uses }) => uses === 0);
  const toggle = (action: string): void =>
    onChange(chosen.includes(action) ? chosen.filter((name) => name !== action) : [...chosen, action]);
  const inOrder = [...unused, ...permissions.filter(({ uses }) => uses > 0)];
  return (
    <fieldset className="flex flex-col gap-2" data-ticks>
      <legend className="mb-1 text-sm font-medium">Permissions to take away</legend>
      <p className="text-sm text-ink-2">
        {unused.length === 0
          ? `It used all of them in the last ${usageDays} days.`
          : `${counted(unused.length, 'permission was', 'permissions were')} not used in the last ${usageDays} days and ${unused.length === 1 ? 'is' : 'are'} chosen.`}
      </p>
      <div className="flex max-h-72 flex-col gap-2 overflow-y-auto pr-1">
        {inOrder.map(({ action, title, uses }) => (
          <Tick
            key={action}
            label={title}
            hint={
              <>
                <code className="break-all">{action}</code> · {uses === 0 ? 'not used' : `used ${counted(uses, 'time')}`}
              </>
            }
            checked={chosen.includes(action)}
            onChange={() => toggle(action)}
          />
        ))}
      </div>
    </fieldset>
  );
}
