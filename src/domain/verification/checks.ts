import { allocationChecks } from './allocation-checks.ts';
import { batchChecks } from './batch-checks.ts';
import { bookChecks } from './book-checks.ts';
import { chainCheck } from './chain-check.ts';
import { codeCheck, voucherLinkCheck } from './code-check.ts';
import { eventChecks } from './event-checks.ts';
import { holdChecks } from './hold-checks.ts';
import { keyChecks } from './key-checks.ts';
import { pricedCheck } from './priced-check.ts';
import { sumChecks } from './sum-checks.ts';
import { takenChecks } from './taken-check.ts';
import type { Check } from './verification.types.ts';
import { versionChecks } from './version-checks.ts';
import { voucherChecks } from './voucher-checks.ts';

/** All that is looked at, in the order in which it is told. */
export const CHECKS: readonly Check[] = [
  chainCheck,
  ...bookChecks,
  ...eventChecks,
  ...holdChecks,
  ...allocationChecks,
  ...takenChecks,
  ...sumChecks,
  ...voucherChecks,
  ...batchChecks,
  codeCheck,
  voucherLinkCheck,
  ...versionChecks,
  pricedCheck,
  ...keyChecks,
];
