import type { Failure } from '@valehub/connector-kit';
import { administratorsOnly } from '../../domain/access/administrators-only.ts';
import type { Actor } from '../../domain/access/roles.ts';
import type { PlatformLocationRecord, SettingChoice } from '../../domain/connection/connection.types.ts';
import { conflict, HubError, notFound } from '../../domain/shared/errors.ts';
import type { ConnectorRunner, Runnable } from '../runner/connector-runner.ts';
import { failureText } from '../runner/failure-text.ts';
import type { ConnectionBook } from './connection-book.ts';

/** What a form asks of a platform while somebody fills it in. */
export class PlatformDesk {
  readonly #book: ConnectionBook;
  readonly #runner: ConnectorRunner;

  constructor(deps: { readonly book: ConnectionBook; readonly runner: ConnectorRunner }) {
    this.#book = deps.book;
    this.#runner = deps.runner;
  }

  /** The live values of a setting that is marked with this name. */
  async choices(actor: Actor, connectionId: string, name: string): Promise<readonly SettingChoice[]> {
    const live = await this.#live(actor, connectionId);
    const ran = await this.#runner.ask(live, { op: 'choices', name });
    if (!ran.ok) throw faultOf(ran.failure);
    return ran.value;
  }

  async locations(actor: Actor, connectionId: string): Promise<readonly PlatformLocationRecord[]> {
    const live = await this.#live(actor, connectionId);
    const ran = await this.#runner.ask(live, { op: 'locations' });
    if (!ran.ok) throw faultOf(ran.failure);
    const { locations } = live.settings;
    return ran.value.map(({ id, name, currency, zone }) => ({
      externalId: id,
      name,
      currency: currency ?? null,
      timeZone: zone ?? null,
      storeId: (Object.hasOwn(locations, id) ? locations[id] : undefined) ?? null,
    }));
  }

  async #live(actor: Actor, connectionId: string): Promise<Runnable> {
    administratorsOnly(actor, 'connect platforms');
    const live = await this.#book.get(connectionId);
    if (live === undefined) throw notFound('connection', connectionId);
    if (live.connector === null) throw notFound('connector', live.connectorId);
    if (live.status === 'PAUSED' || live.status === 'DISCONNECTED')
      throw conflict(`The connection is ${live.status}: nothing is asked of its platform.`);
    return { ...live, connector: live.connector };
  }
}

/** What the caller can mend is CONFLICT, what passes is UNAVAILABLE. */
function faultOf(failure: Failure): HubError {
  const { code } = failure;
  const text = failureText(failure);
  if (code === 'NOT_SUPPORTED') return new HubError('NOT_FOUND', text);
  return code === 'BAD_CREDENTIALS' || code === 'FORBIDDEN_SCOPE' || code === 'BAD_INPUT'
    ? conflict(text)
    : new HubError('UNAVAILABLE', text);
}
