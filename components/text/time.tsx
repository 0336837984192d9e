'use client';

import { classNames } from '@/components/ui/class-names';
import { useNow } from './now';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** exactTime writes an instant in the viewer's locale and zone, to the second, with the zone. */
export const exactTime = (at: string): string =>
  new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' }).format(new Date(at));

/** clockTime is the time of day an instant falls on, with its date when that is another day. */
export function clockTime(at: string, nowMs: number): string {
  const date = new Date(at);
  const sameDay = new Date(nowMs).toDateString() === date.toDateString();
  return new Intl.DateTimeFormat(undefined, sameDay ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' }).format(date);
}

function ago(at: string, nowMs: number): string {
  const past = nowMs - Date.parse(at);
  if (past < 5_000) return 'now';
  if (past < minute) return `${Math.floor(past / 1_000)} s ago`;
  if (past < hour) return `${Math.floor(past / minute)} m ago`;
  if (past < day) return `${Math.floor(past / hour)} h ago`;
  return new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }).format(new Date(at));
}

/** Ago is an instant relative to now, with the exact one on hover. Before the page is awake it is the UTC time. */
export function Ago({ at, className }: { at: string; className?: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={now === null ? at : exactTime(at)} className={className}>
      {now === null ? `${at.slice(11, 19)} UTC` : ago(at, now)}
    </time>
  );
}

/** Exact is an instant in full. */
export function Exact({ at, className }: { at: string; className?: string }) {
  const now = useNow();
  return (
    <time dateTime={at} className={className}>
      {now === null ? at.replace('T', ' ').replace('Z', ' UTC') : exactTime(at)}
    </time>
  );
}

/** timeLeft writes what remains until a deadline: days and hours, hours and minutes, minutes, and from ten minutes on with seconds. */
export function timeLeft(ms: number): string {
  if (ms <= 0) return 'over';
  const whole = Math.ceil(ms / 1_000);
  const [days, hours, minutes, seconds] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3_600) % 24,
    Math.floor(whole / 60) % 60,
    whole % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} m`;
  return minutes >= 10 ? `${minutes} m` : `${minutes}:${String(seconds).padStart(2, '0')}`;
}

/** Left counts down to a deadline. */
export function Left({ at, className }: { at: string; className?: string }) {
  const now = useNow();
  const ms = now === null ? null : Date.parse(at) - now;
  return (
    <time
      dateTime={at}
      title={now === null ? at : exactTime(at)}
      className={classNames('whitespace-nowrap', ms !== null && ms < 10 * minute && 'font-medium text-danger', className)}
    >
      {ms === null ? `until ${at.slice(11, 16)} UTC` : timeLeft(ms)}
    </time>
  );
}
