export function Logo() {
  return (
    <span className="inline-flex items-center gap-2 font-semibold tracking-tight">
      <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden className="shrink-0">
        <rect width="32" height="32" rx="7" className="fill-accent" />
        <path
          d="M8 20.5c3.2-7.6 6.1-10.6 7.8-9.4 2.4 1.7-4.2 9.6-2 10.4 2 .7 3.6-5.3 5.6-5 1.6.3.2 3.7 2 4 .9.1 1.8-.5 2.6-1.4"
          fill="none"
          className="stroke-accent-ink"
          strokeWidth="2.2"
          strokeLinecap="round"
        />
        <path d="M7 25h18" className="stroke-accent-ink" strokeOpacity=".55" strokeWidth="1.6" strokeLinecap="round" />
      </svg>
      Countersign
    </span>
  );
}
