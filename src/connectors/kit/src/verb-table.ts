import { z } from 'zod';
import type { Connector } from './connector.ts';
import {
  alertSchema,
  appliedSchema,
  applySchema,
  codesSchema,
  hubCustomerSchema,
  hubDocumentSchema,
  hubEventSchema,
  journalSchema,
  messageSchema,
  publicationSchema,
  refSchema,
  rowSchema,
} from './hub.ts';
import type { Plain } from './plain.ts';
import type { RoleName, Verb } from './verbs.ts';

interface VerbEntry {
  readonly role: RoleName;
  /** Which member of the role it is. */
  readonly member: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}

const nothing = z.null();

/** Every verb of every role: its name in the outbox, in workflows and in samples, and the shapes of what goes in and comes out. */
export const VERBS = {
  'messages.send': { role: 'messages.send', member: 'send', input: messageSchema, output: refSchema },
  'alerts.send': { role: 'alerts.send', member: 'send', input: alertSchema, output: refSchema },
  'customers.upsert': { role: 'customers.sink', member: 'upsert', input: hubCustomerSchema, output: refSchema },
  'events.push': { role: 'events.push', member: 'push', input: hubEventSchema, output: refSchema },
  'documents.post': { role: 'documents.post', member: 'post', input: hubDocumentSchema, output: refSchema },
  'journal.post': { role: 'journal.post', member: 'post', input: journalSchema, output: refSchema },
  'rows.append': { role: 'rows.append', member: 'append', input: rowSchema, output: refSchema },
  'vouchers.publish': { role: 'vouchers.publish', member: 'publish', input: publicationSchema, output: refSchema },
  'vouchers.update': {
    role: 'vouchers.publish',
    member: 'update',
    input: z.strictObject({ to: refSchema, publication: publicationSchema }),
    output: refSchema,
  },
  'vouchers.withdraw': { role: 'vouchers.publish', member: 'withdraw', input: refSchema, output: nothing },
  'vouchers.addCodes': {
    role: 'vouchers.publish',
    member: 'addCodes',
    input: codesSchema,
    output: z.strictObject({ added: z.int().nonnegative(), refused: z.array(z.string()) }),
  },
  'orders.apply': { role: 'orders.apply', member: 'apply', input: applySchema, output: appliedSchema },
  'orders.remove': { role: 'orders.apply', member: 'remove', input: appliedSchema, output: nothing },
} as const satisfies Record<string, VerbEntry>;
export type VerbName = keyof typeof VERBS;

/** A verb whatever its role: its input is parsed before it is called. */
export type AnyVerb = Verb<Plain, Plain>;

export interface NamedVerb {
  readonly name: string;
  readonly verb: AnyVerb;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
}

const ACTION = 'actions.';

/** A verb or action of a connector by its name (`rows.append`, `actions.<name>`); undefined where it has none. */
export function findVerb(connector: Connector, name: string): NamedVerb | undefined {
  if (name.startsWith(ACTION)) {
    const key = name.slice(ACTION.length);
    const action = connector.actions && Object.hasOwn(connector.actions, key) ? connector.actions[key] : undefined;
    return action && { name, verb: action, input: action.input, output: action.output };
  }
  if (!Object.hasOwn(VERBS, name)) return undefined;
  const { role, member, input, output } = VERBS[name as VerbName];
  const port = connector.roles[role] as Readonly<Record<string, unknown>> | undefined;
  const verb = port && Object.hasOwn(port, member) ? (port[member] as AnyVerb | undefined) : undefined;
  return verb && { name, verb, input, output };
}

/** All of them. */
export const verbsOf = (connector: Connector): readonly NamedVerb[] =>
  [...Object.keys(VERBS), ...Object.keys(connector.actions ?? {}).map((name) => `${ACTION}${name}`)].flatMap(
    (name) => findVerb(connector, name) ?? [],
  );
