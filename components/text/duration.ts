/** duration writes seconds for people, in at most two units: `less than 1 s`, `45 s`, `2 m 10 s`, `3 h 5 m`, `2 d 4 h`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (seconds < 1) return 'less than 1 s';
  if (whole < 60) return `${whole} s`;
  const units = [
    [86_400, 'd', 3_600, 'h'],
    [3_600, 'h', 60, 'm'],
    [60, 'm', 1, 's'],
  ] as const;
  const [size, name, smaller, smallerName] = units.find(([size]) => whole >= size) ?? [60, 'm', 1, 's'];
  const rest = Math.floor((whole % size) / smaller);
  return `${Math.floor(whole / size)} ${name}${rest === 0 ? '' : ` ${rest} ${smallerName}`}`;
}

/** within writes a time that something took at most: seconds are rounded up, so that it is never said to be faster than it was. */
export const within = (seconds: number): string => duration(Math.max(1, Math.ceil(seconds)));
