import { type ASTNode, parse } from '@marcbachmann/cel-js';

/** Macros that go through a list, once an item. */
const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
/** A pattern may go back and forth in a text without end. */
const FORBIDDEN = new Set(['matches']);
/** The longest list that a decision has: the lines of an order. */
const LONGEST = 500;

export interface ExpressionCost {
  /** How many nodes one evaluation visits at most. */
  readonly steps: number;
  /** A function that no bound can be given for; null = none. */
  readonly forbidden: string | null;
}

/** Of an expression that can be read. */
export function expressionCost(expression: string): ExpressionCost {
  let forbidden: string | null = null;
  const walk = (node: ASTNode): number => {
    switch (node.op) {
      case 'value':
      case 'id':
        return 1;
      case '.':
      case '.?':
        return 1 + walk(node.args[0]);
      case '!_':
      case '-_':
        return 1 + walk(node.args);
      case 'call':
        if (FORBIDDEN.has(node.args[0])) forbidden = node.args[0];
        return 1 + sum(node.args[1]);
      case 'rcall': {
        const [name, receiver, args] = node.args;
        if (FORBIDDEN.has(name)) forbidden = name;
        return 1 + walk(receiver) + (LOOPS.has(name) ? LONGEST : 1) * sum(args);
      }
      case 'list':
        return 1 + sum(node.args);
      case 'map':
        return 1 + sum(node.args.flat());
      case '?:':
        return 1 + sum(node.args);
      case 'in':
        return LONGEST / 10 + sum(node.args);
      default:
        return 1 + sum(node.args);
    }
  };
  const sum = (nodes: readonly ASTNode[]): number => nodes.reduce((total, node) => total + walk(node), 0);
  const steps = walk(parse(expression).ast);
  return { steps, forbidden };
}
