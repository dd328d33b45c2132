import type { Connector } from '@valehub/connector-kit';
import type { Database } from '../../database/database.ts';
import { Connection } from '../../domain/connection/connection.entity.ts';
import type { ConnectDraft } from '../../domain/connection/connection.types.ts';
import { badInput, notFound } from '../../domain/shared/errors.ts';
import { tokenAuthOf } from '../credentials/token-auth.ts';
import type { LiveApp } from './app-book.ts';
import type { ConnectionBook } from './connection-book.ts';

/** What a new connection has in common with others. */
export interface Links {
  readonly app: LiveApp | null;
  readonly grantId: string | null;
}

/** Finds the App and the log-in that a draft names; NOT_FOUND, or BAD_USER_INPUT where they do not fit. */
export async function linksOf(
  deps: { database: Database; book: ConnectionBook },
  connector: Connector,
  draft: ConnectDraft,
): Promise<Links> {
  const sibling = isNamed(draft.grantOf) ? await siblingOf(deps, connector, draft.grantOf) : null;
  const appId = draft.appId ?? sibling?.appId ?? null;
  if (sibling !== null && sibling.appId !== appId)
    throw badInput({
      path: 'input.appId',
      message: 'A log-in is shared behind one App only; leave appId out, or name the one of grantOf.',
    });
  return { app: appId === null ? null : await appOf(deps.book, connector, appId), grantId: sibling?.grantId ?? null };
}

const isNamed = (id: string | null | undefined): id is string => id !== null && id !== undefined;

async function appOf(book: ConnectionBook, connector: Connector, id: string): Promise<LiveApp> {
  const app = await book.apps.get(id);
  if (app === undefined) throw notFound('app', id);
  if (app.connectorId !== connector.id)
    throw badInput({ path: 'input.appId', message: `The App ${app.name} is one of ${app.connectorId}, not of ${connector.id}.` });
  return app;
}

async function siblingOf({ database, book }: { database: Database; book: ConnectionBook }, connector: Connector, id: string) {
  const row = await database.em().findOne(Connection, { id });
  const live = await book.get(id);
  if (row === null || live === undefined || row.status === 'DISCONNECTED') throw notFound('connection', id);
  const at = 'input.grantOf';
  if (row.connectorId !== connector.id) throw badInput({ path: at, message: `That is a connection of ${row.connectorId}.` });
  if (tokenAuthOf({ ...live, connector })?.shared !== 'grant' || row.grantId === null)
    throw badInput({ path: at, message: 'That connection has no log-in that others could share.' });
  return { appId: row.appId, grantId: row.grantId };
}
