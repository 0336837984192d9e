import { route } from '@/lib/http/route';
import { readJobs } from '@/lib/jobs/reading';
import { JobsView } from '@/lib/jobs/schema';

export const GET = route('GET /api/v1/jobs', { answer: JobsView, run: () => readJobs() });
