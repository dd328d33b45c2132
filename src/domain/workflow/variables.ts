import type { StepKind } from './workflow.types.ts';

/** What every filter and every expression of a step may name. Each is null where the event has none. */
export const EVENT_VARIABLES = {
  event: 'LedgerEvent',
  voucher: 'Voucher',
  campaign: 'Campaign',
  customer: 'Customer',
  store: 'Store',
  order: 'Order',
} as const satisfies Readonly<Record<string, string>>;
export type EventVariable = keyof typeof EVENT_VARIABLES;

/** The type of `steps.<id>`; null until that step is settled. */
export const RESULT_TYPES = {
  wait: 'WaitResult',
  allocate: 'AllocateResult',
  deliver: 'DeliverResult',
  branch: 'BranchResult',
  call: 'CallResult',
} as const satisfies Readonly<Record<StepKind, string>>;
