/** duration writes seconds for people, in at most two units: `45 s`, `2 m 10 s`, `3 h 5 m`, `2 d 4 h`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 10 && !Number.isInteger(seconds) ? seconds.toFixed(1) : whole} s`;
  const units = [
    [86_400, 'd', 3_600, 'h'],
    [3_600, 'h', 60, 'm'],
    [60, 'm', 1, 's'],
  ] as const;
  const [size, name, smaller, smallerName] = units.find(([size]) => whole >= size) ?? [60, 'm', 1, 's'];
  const rest = Math.floor((whole % size) / smaller);
  return `${Math.floor(whole / size)} ${name}${rest === 0 ? '' : ` ${rest} ${smallerName}`}`;
}
