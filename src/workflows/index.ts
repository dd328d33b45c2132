// What the worker's bundle holds: every workflow by its name. Nothing else may be imported here, because it runs in Temporal's sandbox.
export { backfill } from './backfill/workflow.ts';
export { campaignFlow } from './campaign-flow/workflow.ts';
export { feedRun } from './feed-run/workflow.ts';
