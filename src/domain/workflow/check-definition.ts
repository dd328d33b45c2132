import type { z } from 'zod';
import { ExpressionChecker, type ExpressionFault, type ResultType } from '../expression/expression.ts';
import type { InputFault } from '../shared/errors.ts';
import { type Definition, stepsSchema, triggerSchema } from './definition.schema.ts';
import { checkInput, checkTemplate } from './template.ts';
import { EVENT_VARIABLES, RESULT_TYPES } from './variables.ts';
import { STEP_KINDS, type StepKind } from './workflow.types.ts';

/** A definition as handed in: any JSON. */
export interface RawDefinition {
  readonly trigger: unknown;
  readonly filter: unknown;
  readonly steps: unknown;
}

export type CheckedDefinition = { readonly definition: Definition } | { readonly faults: readonly [InputFault, ...InputFault[]] };

/** Members that the design names and that this hub does not do yet; told apart from slips of the pen. */
const LATER: Readonly<Record<string, readonly string[]>> = {
  step: ['award', 'deduct', 'split', 'approve', 'update', 'publish', 'withdraw', 'start', 'end'],
  wait: ['event', 'timeout'],
  deliver: ['confirmWithin'],
  trigger: ['cron', 'zone'],
};
const LATER_TRIGGERS =
  /^(SCHEDULE|VOUCHER_|HOLD_|REDEMPTION_|CAMPAIGN_|CODES_|PAYMENT_|REFUND_|CUSTOMER_|ORDER_|SEGMENT_|REFERRAL_|POINTS_|ANOMALY_|RECONCILIATION_|BOOK_)/;
const MAX_STEPS = 200;
/** steps[2] comes before steps[10]. */
const BY_PLACE = new Intl.Collator('en', { numeric: true });

/** Every fault at once, each with its path (`steps[1].branch.then[0].wait`), or the definition with its defaults. */
export function checkDefinition(raw: RawDefinition): CheckedDefinition {
  const steps = withoutNulls(raw.steps);
  const trigger = triggerSchema.safeParse(raw.trigger);
  const parsed = stepsSchema.safeParse(steps);
  const filter = raw.filter ?? null;
  const faults: InputFault[] = [
    ...(trigger.success ? [] : triggerFaults(raw.trigger, trigger.error)),
    ...(filter === null ? [] : filterFaults(filter)),
    ...[...(parsed.success ? [] : formFaults(parsed.error, 'steps')), ...new StepWalk().walk(steps)].sort((a, b) =>
      BY_PLACE.compare(a.path, b.path),
    ),
  ];
  const [first, ...more] = distinct(faults);
  if (first !== undefined) return { faults: [first, ...more] };
  if (!trigger.success || !parsed.success) throw new Error('A definition was refused without a fault.');
  return { definition: { trigger: trigger.data, filter: filter as string | null, steps: parsed.data } };
}

function filterFaults(filter: unknown): InputFault[] {
  if (typeof filter !== 'string' || filter.trim() === '') return [{ path: 'filter', message: 'A filter is a CEL expression.' }];
  return expressionFault('filter', new ExpressionChecker(EVENT_VARIABLES).check(filter, 'bool'));
}

function triggerFaults(raw: unknown, error: z.ZodError): InputFault[] {
  const on = isRecord(raw) ? raw['on'] : undefined;
  if (typeof on !== 'string') return [{ path: 'trigger.on', message: 'A trigger says what it is on: {"on": "VOUCHER_REDEEMED"}.' }];
  if (error.issues.some((issue) => issue.code === 'invalid_union')) {
    return [
      { path: 'trigger.on', message: LATER_TRIGGERS.test(on) ? `The trigger ${on} is not available yet.` : `There is no trigger ${on}.` },
    ];
  }
  return formFaults(error, 'trigger');
}

/** Zod's issues as faults; one for each unknown member. */
function formFaults(error: z.ZodError, root: string): InputFault[] {
  return error.issues.flatMap((issue): InputFault[] => {
    const path = pathText(root, issue.path);
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message.replace(/^Invalid input: /, 'Invalid: ') }];
    const holder = holderOf(root, issue.path);
    return issue.keys.map((key) => ({
      path: `${path}.${key}`,
      message: LATER[holder]?.includes(key) === true ? `\`${key}\` is not available yet.` : `There is no member \`${key}\` here.`,
    }));
  });
}

/** The kind of object that an issue's path ends in. */
function holderOf(root: string, path: readonly PropertyKey[]): string {
  const last = path.at(-1);
  if (root === 'trigger') return 'trigger';
  return typeof last === 'string' ? last : 'step';
}

function pathText(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`), root);
}

const expressionFault = (path: string, fault: ExpressionFault | undefined): InputFault[] =>
  fault === undefined ? [] : [{ path, message: `${fault.message} (line ${fault.line}, column ${fault.column}).` }];

/**
 * What the form cannot say, on the raw JSON, so that these faults are told together with those of form: exactly one deed a step,
 * unique ids, and expressions that name only what is known when the step begins.
 */
class StepWalk {
  readonly #results = new Map<string, string>();
  readonly #ids = new Set<string>();
  readonly #faults: InputFault[] = [];

  walk(steps: unknown): InputFault[] {
    this.#list(steps, 'steps');
    if (this.#ids.size > MAX_STEPS)
      this.#faults.push({ path: 'steps', message: `A workflow has at most ${MAX_STEPS} steps, branches included.` });
    return this.#faults;
  }

  #list(steps: unknown, path: string): void {
    if (!Array.isArray(steps)) return;
    for (const [index, step] of steps.entries()) if (isRecord(step)) this.#step(step, `${path}[${index}]`);
  }

  #step(step: Readonly<Record<string, unknown>>, path: string): void {
    const { id } = step;
    if (typeof id === 'string' && this.#ids.has(id))
      this.#faults.push({ path: `${path}.id`, message: `The id ${id} is taken by an earlier step.` });
    const checker = new ExpressionChecker(EVENT_VARIABLES, this.#results);
    this.#expression(step['when'], `${path}.when`, checker, 'bool');
    const deeds = STEP_KINDS.filter((kind) => step[kind] !== undefined);
    const [deed] = deeds;
    if (deed === undefined) {
      if (!LATER['step']?.some((kind) => kind in step))
        this.#faults.push({ path, message: `A step does exactly one of ${STEP_KINDS.join(', ')}; this one does none.` });
    } else if (deeds.length > 1) {
      this.#faults.push({ path, message: `A step does exactly one of ${STEP_KINDS.join(', ')}; this one has ${deeds.join(' and ')}.` });
    }
    for (const kind of deeds) this.#deed(kind, step[kind], `${path}.${kind}`, checker);
    if (step['retry'] !== undefined && (deed === 'wait' || deed === 'branch'))
      this.#faults.push({ path: `${path}.retry`, message: `A ${deed} has nothing that is tried again.` });
    // Only now: a step does not see itself. A branch's own steps are already in.
    if (typeof id === 'string') {
      this.#ids.add(id);
      if (deed !== undefined) this.#results.set(id, RESULT_TYPES[deed]);
    }
  }

  #deed(kind: StepKind, deed: unknown, path: string, checker: ExpressionChecker): void {
    if (!isRecord(deed)) return;
    switch (kind) {
      case 'wait':
        if (('duration' in deed ? 1 : 0) + ('until' in deed ? 1 : 0) !== 1 && !('event' in deed))
          this.#faults.push({ path, message: 'A wait has exactly one of duration and until.' });
        return;
      case 'allocate':
        this.#expression(deed['customer'], `${path}.customer`, checker, 'string');
        return;
      case 'deliver':
        this.#expression(deed['to'], `${path}.to`, checker, 'string');
        if (deed['text'] === undefined && deed['templateId'] === undefined)
          this.#faults.push({ path, message: 'A delivery has a text or a templateId.' });
        for (const part of ['subject', 'text', 'fields']) this.#input(deed[part], `${path}.${part}`, checker);
        return;
      case 'branch':
        this.#expression(deed['if'], `${path}.if`, checker, 'bool');
        this.#list(deed['then'], `${path}.then`);
        this.#list(deed['else'], `${path}.else`);
        return;
      case 'call':
        this.#input(deed['input'], `${path}.input`, checker);
    }
  }

  #expression(expression: unknown, path: string, checker: ExpressionChecker, result: ResultType): void {
    if (typeof expression === 'string' && expression !== '') this.#faults.push(...expressionFault(path, checker.check(expression, result)));
  }

  #input(value: unknown, path: string, checker: ExpressionChecker): void {
    if (typeof value === 'string') this.#faults.push(...checkTemplate(value, checker).flatMap((fault) => expressionFault(path, fault)));
    else for (const { path: below, fault } of checkInput(value, checker)) this.#faults.push(...expressionFault(`${path}${below}`, fault));
  }
}

/** null on an optional member means left out; what `input` and `fields` hold is the author's own. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(kept.map(([name, member]) => [name, name === 'input' || name === 'fields' ? member : withoutNulls(member)]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function distinct(faults: readonly InputFault[]): InputFault[] {
  const seen = new Set<string>();
  return faults.filter(({ path, message }) => {
    const key = `${path} ${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
