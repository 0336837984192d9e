import { readActionNames, readAgentNames, readProcessNames } from '@/lib/registry/reading';
import type { Policy } from '../schema';
import type { PolicyNaming } from './schema';

/** readNaming answers the names of everything these documents name: action types, processes, agents. */
export async function readNaming(policies: readonly Policy[]): Promise<PolicyNaming> {
  const selectors = policies.map(({ selector }) => selector);
  const names = [...new Set(selectors.flatMap(({ actions }) => actions.filter((pattern) => !pattern.endsWith('*'))))];
  const [actions, agents, processes] = await Promise.all([
    readActionNames(names),
    readAgentNames(selectors.flatMap((selector) => (selector.level === 'agent' ? [selector.agent] : []))),
    readProcessNames(selectors.flatMap((selector) => (selector.level === 'process' ? [selector.process] : []))),
  ]);
  return {
    titles: Object.fromEntries([...actions.values()].map(({ name, title }) => [name, title])),
    holders: Object.fromEntries([...agents.values(), ...processes.values()].map(({ id, name }) => [id, name])),
  };
}
