import { cache } from 'react';
import type { User } from '@/lib/people/service';
import { readAgentView, type AgentView } from '@/lib/registry/reading';

/** agentView reads what the pages of one agent show, once for a page with all its parts. */
export const agentView = cache((person: User, id: string): Promise<AgentView | undefined> => readAgentView(person, id));
