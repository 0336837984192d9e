import type { z } from 'zod';
import type { Facts, Fix, Found, Severity, Snapshot } from '../../schema';

/** NameOf gives what a person knows an id by; the id itself when nothing is known. */
export type NameOf = (id: string) => string;

/**
 * Detector is one row of the table: what it looks for, what a finding of it says, and what a person can do about it. Pure: what it finds follows from
 * the snapshot alone. `grace`: what it finds may stand for the settings' graceDays. `settles`: the sightings that a person can say are dealt with.
 */
export type Detector = {
  id: string;
  title: string;
  means: string;
  severity: Severity;
  grace: boolean;
  settles: 'client.unknown' | 'tool.unreceipted' | null;
  find: (snapshot: Snapshot) => Found[];
  sentence: (facts: Facts, nameOf: NameOf) => string;
  fixes: (facts: Facts) => Fix[];
};

type Row<Said> = Omit<Found, 'facts' | 'severity'> & { facts: Said; severity?: Severity };

type Written<Shape extends z.ZodType<Facts>> = {
  id: string;
  title: string;
  means: string;
  severity: Severity;
  grace?: true;
  settles?: 'client.unknown' | 'tool.unreceipted';
  facts: Shape;
  find: (snapshot: Snapshot) => Row<z.infer<Shape>>[];
  sentence: (facts: z.infer<Shape>, nameOf: NameOf) => string;
  fixes: (facts: z.infer<Shape>) => Fix[];
};

/** detector makes a row of the table whose facts have one shape; facts that an older version wrote otherwise make a sentence without them. */
export function detector<Shape extends z.ZodType<Facts>>(row: Written<Shape>): Detector {
  const { id, title, means, severity, grace = false, settles = null, facts: shape, find, sentence, fixes } = row;
  const read = (facts: Facts): z.infer<Shape> | undefined => {
    const parsed = shape.safeParse(facts);
    return parsed.success ? parsed.data : undefined;
  };
  return {
    id,
    title,
    means,
    severity,
    grace,
    settles,
    find: (snapshot) => find(snapshot).map((found) => ({ ...found, severity: found.severity ?? severity })),
    sentence: (facts, nameOf) => {
      const said = read(facts);
      return said === undefined ? `${title}.` : sentence(said, nameOf);
    },
    fixes: (facts) => {
      const said = read(facts);
      return said === undefined ? [] : fixes(said);
    },
  };
}
