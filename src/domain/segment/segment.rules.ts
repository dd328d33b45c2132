import { segmentFault } from '../decision/condition-expression.ts';
import { InputChecks, isGiven } from '../shared/input-checks.ts';
import type { SegmentDraft, SegmentPatch } from './segment.types.ts';

const MOST_AT_ONCE = 100_000;

/** Throws BAD_USER_INPUT. */
export function checkDraft({ name, expression, customerIds }: SegmentDraft): void {
  const checks = new InputChecks();
  checks.line('input.name', name);
  if (isGiven(expression) === isGiven(customerIds)) checks.fault('input', 'Give either expression or customerIds, exactly one of them.');
  if (isGiven(expression)) checkExpression(checks, expression);
  if (customerIds) checkCount(checks, 'input.customerIds', customerIds);
  checks.settle();
}

/** Throws BAD_USER_INPUT. `dynamic`: what the segment is. */
export function checkPatch({ name, expression }: SegmentPatch, dynamic: boolean): void {
  const checks = new InputChecks();
  if (name === null) checks.fault('input.name', 'A segment keeps a name.');
  if (isGiven(name)) checks.line('input.name', name);
  if (expression !== undefined && !dynamic) checks.fault('input.expression', 'This segment is a list; make another one for an expression.');
  else if (expression === null) checks.fault('input.expression', 'A segment that has an expression keeps one.');
  else if (expression !== undefined) checkExpression(checks, expression);
  checks.settle();
}

export function checkIds(customerIds: readonly string[]): void {
  const checks = new InputChecks();
  checkCount(checks, 'customerIds', customerIds);
  checks.settle();
}

function checkCount(checks: InputChecks, path: string, customerIds: readonly string[]): void {
  if (customerIds.length > MOST_AT_ONCE)
    checks.fault(path, `At most ${MOST_AT_ONCE} customers go in one request; these are ${customerIds.length}.`);
}

function checkExpression(checks: InputChecks, expression: string): void {
  const fault = segmentFault(expression);
  if (fault !== undefined) checks.fault('input.expression', `${fault.message} (line ${fault.line}, column ${fault.column}).`);
}
