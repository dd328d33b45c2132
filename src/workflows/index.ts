// What the worker's bundle holds: every workflow by its name. Nothing else may be imported here, because it runs in Temporal's sandbox.
export { campaignFlow } from './campaign-flow/workflow.ts';
