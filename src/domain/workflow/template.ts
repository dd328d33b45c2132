import { ParseError, parse } from '@marcbachmann/cel-js';
import { compileExpression, type ExpressionChecker, type ExpressionFault, type ExpressionScope } from '../expression/expression.ts';
import { plainValue } from '../expression/expression-values.ts';

/** Where an expression stands in a text. */
interface Placed {
  readonly expression: string;
  /** Of the first character after the opening braces. */
  readonly offset: number;
  readonly closed: boolean;
}
type Part = string | Placed;

const OPEN = '{{';
const CLOSE = '}}';

/** Splits a text at its {{ }}. */
function split(text: string): Part[] {
  const parts: Part[] = [];
  let rest = 0;
  for (let open = text.indexOf(OPEN); open !== -1; open = text.indexOf(OPEN, rest)) {
    if (open > rest) parts.push(text.slice(rest, open));
    const offset = open + OPEN.length;
    const close = closing(text, offset);
    parts.push({ expression: text.slice(offset, close), offset, closed: close < text.length });
    rest = Math.min(close + CLOSE.length, text.length);
  }
  if (rest < text.length) parts.push(text.slice(rest));
  return parts;
}

/** Map literals may end in two braces too: the first place up to which the expression can be read is taken, else the first of all. */
function closing(text: string, from: number): number {
  const first = text.indexOf(CLOSE, from);
  for (let at = first; at !== -1; at = text.indexOf(CLOSE, at + 1)) {
    if (isReadable(text.slice(from, at))) return at;
  }
  return first === -1 ? text.length : first;
}

function isReadable(expression: string): boolean {
  try {
    parse(expression);
    return true;
  } catch (fault) {
    if (fault instanceof ParseError) return false;
    throw fault;
  }
}

/** The faults of a text, placed in the whole text. */
export function checkTemplate(text: string, checker: ExpressionChecker): ExpressionFault[] {
  const faults: ExpressionFault[] = [];
  for (const part of split(text)) {
    if (typeof part === 'string') continue;
    const fault = part.closed ? checker.check(part.expression, 'any') : { message: 'The braces {{ are never closed', line: 1, column: 1 };
    if (fault !== undefined) faults.push(moved(fault, text.slice(0, part.offset)));
  }
  return faults;
}

function moved(fault: ExpressionFault, before: string): ExpressionFault {
  const lines = before.split('\n');
  return {
    ...fault,
    line: fault.line + lines.length - 1,
    column: fault.line === 1 ? fault.column + (lines.at(-1)?.length ?? 0) : fault.column,
  };
}

/** Fills a text. null gives nothing, lists and maps their JSON. */
export function renderTemplate(text: string, scope: ExpressionScope): string {
  return split(text)
    .map((part) => (typeof part === 'string' ? part : shown(compileExpression(part.expression)(scope))))
    .join('');
}

function shown(value: unknown): string {
  const plain = plainValue(value);
  if (plain === null) return '';
  return typeof plain === 'object' ? JSON.stringify(plain) : String(plain);
}

/** The faults of every text inside a JSON value, by the path below it (`.lines[0].name`). */
export function checkInput(value: unknown, checker: ExpressionChecker, path = ''): { path: string; fault: ExpressionFault }[] {
  if (typeof value === 'string') return checkTemplate(value, checker).map((fault) => ({ path, fault }));
  if (Array.isArray(value)) return value.flatMap((item, index) => checkInput(item, checker, `${path}[${index}]`));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, member]) => checkInput(member, checker, `${path}.${name}`));
  return [];
}

/** Fills every text inside a JSON value. A text that is one expression and nothing else becomes that expression's value. */
export function renderInput(value: unknown, scope: ExpressionScope): unknown {
  if (typeof value === 'string') {
    const [only, ...more] = split(value);
    if (only !== undefined && typeof only !== 'string' && more.length === 0) return plainValue(compileExpression(only.expression)(scope));
    return renderTemplate(value, scope);
  }
  if (Array.isArray(value)) return value.map((item) => renderInput(item, scope));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, renderInput(member, scope)]));
  return value;
}
