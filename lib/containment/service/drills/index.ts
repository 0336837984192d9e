export { endDrillPlan, planDrills, type EndPlanOutcome, type PlanDrillsOutcome } from './plans';
export { endDrill, runDrill, type RunDrillOutcome } from './run';
export { drillBatchMax, sweepDrills } from './sweep';
