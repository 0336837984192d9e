import type { Facts, Fix } from '../../schema';
import { credentialDetectors } from './credentials';
import type { Detector, NameOf } from './detector';
import { lifeDetectors } from './life';
import { peopleDetectors } from './people';
import { permissionDetectors } from './permissions';
import { ruleDetectors } from './rules';
import { signalDetectors } from './signals';

export type { Detector, NameOf } from './detector';

/** detectors is the one table of everything that is looked for. */
export const detectors: readonly Detector[] = [
  ...peopleDetectors,
  ...lifeDetectors,
  ...credentialDetectors,
  ...permissionDetectors,
  ...signalDetectors,
  ...ruleDetectors,
];

const byId: ReadonlyMap<string, Detector> = new Map(detectors.map((detector) => [detector.id, detector]));

/** findDetector answers one row of the table; undefined for one of another version. */
export const findDetector = (id: string): Detector | undefined => byId.get(id);

/** sentenceOf tells a finding in one sentence with names. */
export const sentenceOf = (detector: string, facts: Facts, nameOf: NameOf): string =>
  findDetector(detector)?.sentence(facts, nameOf) ?? detector.replaceAll('_', ' ');

/** fixesOf lists what can be done about a finding. */
export const fixesOf = (detector: string, facts: Facts): Fix[] => findDetector(detector)?.fixes(facts) ?? [];
