import { route } from '@/lib/http/route';
import { readChecklist } from '@/lib/maturity/reading';
import { ChecklistView } from '@/lib/maturity/schema';

export const GET = route('GET /api/v1/maturity/checklist', {
  answer: ChecklistView,
  run: readChecklist,
});
