/** What the hub needs to run a connector; a connector itself imports none of it. */
export { FAILURES, failureOfStatus, failureSchema } from './failure.ts';
export type { FailureRule } from './failure.ts';
