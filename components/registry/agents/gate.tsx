import Link from 'next/link';
import { link } from '@/components/ui/link';
import { Notice } from '@/components/ui/page';
import type { Gate } from '@/lib/registry/reading/schema';
import type { AgentStatus } from '@/lib/registry/schema';
import { joined } from './words';

const titles: Partial<Record<AgentStatus, string>> = {
  draft: 'Before it can act',
  in_review: 'Before it can act',
  approved: 'Before it can act',
  rejected: 'Before it can act',
  suspended: 'Before it can act again',
  active: 'It acts, though this is missing',
};

/** GateList says what is missing before an agent may act, who can close each gap, and where; and what should be known. */
export function GateList({ gate, status }: { gate: Gate; status: AgentStatus }) {
  if (status === 'decommissioned') return null;
  const title = titles[status];
  if (status === 'active' && gate.gaps.length === 0 && gate.warnings.length === 0) return null;
  return (
    <section className="border-b border-line py-4" data-gate={gate.gaps.length === 0 ? 'open' : 'shut'}>
      {gate.gaps.length === 0 ? (
        status === 'active' ? null : (
          <p className="text-base">Nothing is missing: it can be activated as soon as it is approved.</p>
        )
      ) : (
        <>
          <h2 className="mb-2 text-base font-semibold">{title}</h2>
          <ol className="flex max-w-[88ch] flex-col">
            {gate.gaps.map(({ code, text, href, people, more }) => (
              <li
                key={code}
                data-gap={code}
                className="grid gap-x-4 border-t border-line py-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,18rem)]"
              >
                <Link href={href} className={link}>
                  {text}
                </Link>
                <span className="text-sm text-ink-2">{joined(people, more, 'or')} can do this</span>
              </li>
            ))}
          </ol>
        </>
      )}
      {gate.warnings.map(({ code, text, href }) => (
        <div key={code} className="max-w-[88ch] not-first:mt-3" data-warning={code}>
          <Notice tone="warn">
            {text}{' '}
            <Link href={href} className={link}>
              Policies
            </Link>
          </Notice>
        </div>
      ))}
    </section>
  );
}
