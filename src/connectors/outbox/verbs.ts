import { type Connector, durationMs, type Failure, type Plain, type Repeat, type Verb } from '@valehub/connector-kit';
import { alertSchema, messageSchema } from '@valehub/connector-kit/host';
import type { RepeatNow } from './settlement.rules.ts';

/** A verb whatever its role: the input was parsed by the role's schema before it is called. */
export type AnyVerb = Verb<Plain, Plain>;
type AnyRepeat = Repeat<Plain, Plain, Connector['settings']>;

/** The verb's words in the outbox, and whose they are. */
export function findVerb(connector: Connector, name: string): AnyVerb | undefined {
  if (name === 'messages.send') return connector.roles['messages.send']?.send as AnyVerb | undefined;
  if (name === 'alerts.send') return connector.roles['alerts.send']?.send as AnyVerb | undefined;
  const action = name.startsWith('actions.') ? name.slice('actions.'.length) : undefined;
  if (action === undefined || connector.actions === undefined || !Object.hasOwn(connector.actions, action)) return undefined;
  return connector.actions[action];
}

/** Every verb that a connector has, by its name in the outbox. */
export function verbsOf(connector: Connector): readonly { readonly name: string; readonly verb: AnyVerb }[] {
  const names = ['messages.send', 'alerts.send', ...Object.keys(connector.actions ?? {}).map((action) => `actions.${action}`)];
  return names.flatMap((name) => {
    const verb = findVerb(connector, name);
    return verb === undefined ? [] : [{ name, verb }];
  });
}

/** What may be done now after an unknown outcome: a key is good while the platform remembers it, then only `find` is. */
export function repeatNow(repeat: AnyRepeat, ageMs: number): RepeatNow {
  if (repeat === 'safe' || repeat === 'mayDouble') return 'safe';
  if (repeat === 'never') return 'never';
  const { key, find } = repeat;
  if (key !== undefined && (key.lives === undefined || ageMs < durationMs(key.lives))) return 'key';
  return find === undefined ? 'never' : 'find';
}

/** Null = the input is as the verb wants it. */
export function inputFaults(connector: Connector, name: string, input: Plain): Failure | null {
  const action = name.startsWith('actions.') ? connector.actions?.[name.slice('actions.'.length)] : undefined;
  const schema = name === 'messages.send' ? messageSchema : name === 'alerts.send' ? alertSchema : action?.input;
  const [issue] = schema?.safeParse(input).error?.issues ?? [];
  return issue === undefined ? null : { code: 'BAD_INPUT', message: issue.message, path: issue.path.map(String).join('.') };
}
