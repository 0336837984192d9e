import { appendEvent } from '@/lib/ledger/service';
import { actAs, type Actor, type Refused } from '@/lib/people/service';
import { ChangeFindingSettings, findingSettings, type FindingSettings } from '../schema';
import { lockSettings, mergeSettings } from '../store/settings';

export type SettingsOutcome = { ok: true; settings: FindingSettings } | Refused<'NOT_ALLOWED'>;

/**
 * changeSettings says anew after how long something is a finding; the next look goes by it, and graces that run already keep their day. What is as it
 * was is no change and no event. Throws when `input` is not a ChangeFindingSettings.
 */
export function changeSettings(actor: Actor, input: ChangeFindingSettings): Promise<SettingsOutcome> {
  const wanted = ChangeFindingSettings.parse(input);
  return actAs(actor, 'organisation:manage', async (tx): Promise<SettingsOutcome> => {
    const was = await lockSettings(tx);
    const changed = findingSettings.filter((setting) => wanted[setting] !== undefined && wanted[setting] !== was[setting]);
    const settings = { ...was, ...Object.fromEntries(changed.map((setting) => [setting, wanted[setting]])) };
    if (changed.length === 0) return { ok: true, settings };
    const pick = (of: FindingSettings) => Object.fromEntries(changed.map((setting) => [setting, of[setting]]));
    await mergeSettings(tx, pick(settings));
    await appendEvent(tx, {
      kind: 'organisation.changed',
      actor,
      subject: { type: 'organisation', id: 'organisation' },
      data: { settings: pick(settings), was: pick(was) },
    });
    return { ok: true, settings };
  });
}
