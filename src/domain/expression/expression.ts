import { TypeError as CelTypeError, Environment, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import { EXPRESSION_TYPES } from './expression-types.ts';
import { type ExpressionValue } from './expression-values.ts';

/** What is wrong with an expression, and where: line and column count from 1. */
export interface ExpressionFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Every variable of an expression by name; what the expression does not mention may be left out. */
export type ExpressionScope = Readonly<Record<string, ExpressionValue>>;

/** An expression that met a value which is not there or of another kind. The message holds no values. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

export type ResultType = 'bool' | 'string' | 'any';

const LIMITS = { maxAstNodes: 2000, maxDepth: 64, maxListElements: 500, maxMapEntries: 200, maxCallArguments: 16 };
const OPTIONS = { homogeneousAggregateLiterals: false, limits: LIMITS };
const LIBRARY_NAME: Readonly<Record<string, string>> = { timestamp: 'google.protobuf.Timestamp' };

/**
 * Only checks, never evaluates: the library takes no null for a typed value, yet each of ours may be null, so comparing with
 * null is declared for every type here, and what is evaluated (below) is untyped.
 */
const typed = typedEnvironment();
const untyped = new Environment(OPTIONS);
for (const name of ['event', 'voucher', 'campaign', 'customer', 'store', 'order', 'steps']) untyped.registerVariable(name, 'dyn');

function typedEnvironment(): Environment {
  const environment = new Environment(OPTIONS);
  for (const [name, fields] of Object.entries(EXPRESSION_TYPES)) registerRecord(environment, name, fields);
  const lists = new Set(
    Object.values(EXPRESSION_TYPES)
      .flatMap((fields) => Object.values(fields))
      .filter((type) => type.startsWith('list<')),
  );
  for (const type of ['string', 'int', 'double', 'bool', 'google.protobuf.Timestamp', ...Object.keys(EXPRESSION_TYPES), ...lists]) {
    environment.registerOperator(`${type} == null`, () => false);
  }
  return environment;
}

function registerRecord(environment: Environment, name: string, fields: Readonly<Record<string, string>>): void {
  // A class of its own, because only types without one are converted, and those may not refer to types registered later.
  environment.registerType(name, {
    ctor: class {},
    fields: Object.fromEntries(Object.entries(fields).map(([field, type]) => [field, LIBRARY_NAME[type] ?? type])),
  });
}

/** Checks expressions against the variables that they may name, each with its type. `steps`: the type of each result by step id. */
export class ExpressionChecker {
  readonly #environment: Environment;

  constructor(variables: Readonly<Record<string, string>>, steps?: ReadonlyMap<string, string>) {
    this.#environment = typed.clone();
    for (const [name, type] of Object.entries(variables)) this.#environment.registerVariable(name, type);
    if (steps === undefined) return;
    registerRecord(this.#environment, 'Steps', Object.fromEntries(steps));
    this.#environment.registerVariable('steps', 'Steps');
  }

  /** The fault, or undefined for an expression that is sound and gives `result`. */
  check(expression: string, result: ResultType): ExpressionFault | undefined {
    const checked = this.#environment.check(expression);
    if (!checked.valid) return located(expression, checked.error?.range?.start ?? 0, checked.error?.summary ?? 'It cannot be read.');
    if (result === 'any' || checked.type === result || checked.type === 'dyn') return undefined;
    return located(expression, 0, `It gives ${spoken(checked.type)}, but ${spoken(result)} is needed here`);
  }
}

function located(expression: string, offset: number, message: string): ExpressionFault {
  const before = expression.slice(0, offset).split('\n');
  return {
    message: message.replaceAll('google.protobuf.', '').replace(/\.$/, ''),
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
  };
}

const spoken = (type: string | undefined): string => (type ?? 'nothing').replace('google.protobuf.', '');

/** Turns a checked expression into a function. It throws ExpressionError where a value is missing or of another kind. */
export function compileExpression(expression: string): (scope: ExpressionScope) => unknown {
  const run = untyped.parse(expression);
  return (scope) => {
    try {
      return run(scope) as unknown;
    } catch (fault) {
      if (fault instanceof EvaluationError || fault instanceof ParseError || fault instanceof CelTypeError) {
        const { message, line, column } = located(expression, fault.range?.start ?? 0, fault.summary);
        throw new ExpressionError(`${message} (line ${line}, column ${column})`);
      }
      throw fault;
    }
  };
}

/** Whether the expression names the variable at all: what is not named need not be loaded. */
export const mentions = (expression: string, variable: string): boolean => new RegExp(`\\b${variable}\\b`).test(expression);
