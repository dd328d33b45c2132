import { z } from 'zod';
import { DURATION } from '../shared/duration.ts';
import { STEP_FAILURES, STEP_KINDS, TRIGGER_EVENTS } from './workflow.types.ts';

/** Weeks and days to seconds, at least one part, no fractions: what both the restaurant's calendar and a person can add. */
const WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;
const CHANNELS = ['EMAIL', 'SMS', 'PUSH', 'CHAT'] as const;

const duration = z
  .string()
  .regex(DURATION, 'This is no ISO 8601 duration in whole numbers, such as PT2H or P45D.')
  .describe('ISO 8601 duration in whole numbers: PT30M, P45D, P1M.');
const expression = z.string().min(1, 'An expression is missing.').max(4000).describe('A CEL expression.');
const template = z.string().min(1, 'A text is missing.').max(20_000).describe('Text with CEL expressions in {{ }}.');
const id = z.string().min(1, 'An id is missing.').max(255);
const stepId = z
  .string()
  .min(1, 'A step needs an id.')
  .max(100)
  .describe('Unique in the workflow; later steps read its result as `steps.<id>`, or `steps["<id>"]` where it is no plain name.');

export const triggerSchema = z
  .discriminatedUnion('on', [
    z.strictObject({ on: z.enum(TRIGGER_EVENTS).describe('A type of ledger event.') }),
    z.strictObject({ on: z.literal('CUSTOM'), name: z.string().min(1).max(255).describe('The `name` of recordEvent.') }),
  ])
  .describe('What starts a run.');
export type Trigger = z.infer<typeof triggerSchema>;

const retry = z
  .strictObject({
    attempts: z.int().min(2).max(20).default(3).describe('How often it is tried in all.'),
    delay: duration.default('PT1M').describe('The pause before the second attempt.'),
    backoff: z.number().min(1).max(10).default(2).describe('By what each further pause is multiplied.'),
    maxDelay: duration.default('PT6H').describe('No pause is longer.'),
    on: z
      .array(z.enum(STEP_FAILURES))
      .min(1)
      .default(['RATE_LIMITED', 'QUOTA_SPENT', 'PLATFORM_DOWN', 'TIMEOUT', 'BAD_REPLY'])
      .describe('The classes of failure that are tried again; others fail at once.'),
  })
  .describe('What the connectors retry by themselves comes before this and is not counted.');

const wait = z.strictObject({
  duration: duration.optional(),
  until: z
    .strictObject({
      time: z
        .string()
        .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day is HH:MM, 00:00 to 23:59.')
        .describe("HH:MM in the zone of the event's store."),
      weekday: z.enum(WEEKDAYS).optional().describe('A business day: Friday ends when the kitchen closes.'),
    })
    .optional(),
});

const allocate = z.strictObject({
  campaignId: id,
  customer: expression.describe("CEL that gives a customer's id."),
  validFor: duration.optional().describe('How long the voucher is good, from the moment the step begins.'),
});

const deliver = z.strictObject({
  to: expression.describe('CEL that gives the address: an e-mail address, a phone number, a chat.'),
  subject: template.optional().describe("Left out: the connection's own, else the first line of the text."),
  text: template.optional(),
  templateId: z.string().min(1).max(255).optional().describe("A template of the platform's own."),
  fields: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('What the template is filled with; CEL in {{ }}. Left out: customer, store, voucher and the vouchers of earlier steps.'),
  channels: z
    .array(z.strictObject({ connectionId: id, channel: z.enum(CHANNELS).optional() }))
    .min(1, 'At least one channel is needed.')
    .max(10)
    .describe('Tried in order, the next one when one refuses.'),
});

const call = z.strictObject({
  connectionId: id,
  action: z
    .string()
    .min(1)
    .max(255)
    .describe("An action of the connection's connector, or one of the verbs that many have: rows.append, documents.post, events.push."),
  input: z
    .record(z.string(), z.unknown())
    .describe('CEL in {{ }}; a text that is one expression and nothing else keeps the kind of its value.'),
});

/** All members of a step; that it has exactly one deed is said to JSON Schema here and checked by check-definition.ts. */
export const stepSchema = z
  .strictObject({
    id: stepId,
    when: expression.optional().describe('CEL; where it is false the step is skipped.'),
    retry: retry.optional(),
    onFailure: z
      .enum(['STOP', 'CONTINUE', 'COMPENSATE'])
      .default('STOP')
      .describe('STOP fails the run; CONTINUE goes on; COMPENSATE first cancels the vouchers that the run allocated.'),
    wait: wait.meta({ oneOf: [{ required: ['duration'] }, { required: ['until'] }] }).optional(),
    allocate: allocate.optional(),
    deliver: deliver.meta({ anyOf: [{ required: ['text'] }, { required: ['templateId'] }] }).optional(),
    get branch() {
      return z.strictObject({ if: expression, then: z.array(stepSchema).max(50), else: z.array(stepSchema).max(50).optional() }).optional();
    },
    call: call.optional(),
  })
  .meta({ id: 'Step', oneOf: STEP_KINDS.map((kind) => ({ required: [kind] })) });
export type Step = z.infer<typeof stepSchema>;

export const stepsSchema = z.array(stepSchema).min(1, 'A workflow has at least one step.').max(50);

const definitionSchema = z
  .strictObject({
    name: z.string().min(1).max(200),
    trigger: triggerSchema,
    filter: expression
      .optional()
      .describe('CEL over event, voucher, campaign, customer, store and order; only where it is true does a run start.'),
    steps: stepsSchema,
  })
  .meta({ title: 'A Valehub workflow' });

/** A workflow as stored: every fault is out, defaults are in. */
export interface Definition {
  readonly trigger: Trigger;
  readonly filter: string | null;
  readonly steps: readonly Step[];
}

/** JSON Schema 2020-12 of WorkflowInput, as published under /schemas/workflow.json. */
export function workflowJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(definitionSchema, { io: 'input' }) };
}
