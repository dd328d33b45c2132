import type { Database } from '../../database/database.ts';
import { notify, ormRunner } from '../../database/transaction.ts';
import { administratorsOnly } from '../../domain/access/administrators-only.ts';
import type { Actor } from '../../domain/access/roles.ts';
import { writeAudit } from '../../domain/audit/audit-writer.ts';
import { Connection } from '../../domain/connection/connection.entity.ts';
import type { Clock } from '../../domain/shared/clock.ts';
import { badInput, conflict, notFound } from '../../domain/shared/errors.ts';
import type { CheckUp } from './check-up.ts';
import { CONNECTIONS_CHANNEL } from './connection-book.ts';

/** Where the credentials open several accounts: which of them a connection is. */
export class AccountDesk {
  readonly #deps: { readonly database: Database; readonly clock: Clock; readonly checkUp: CheckUp };

  constructor(deps: { readonly database: Database; readonly clock: Clock; readonly checkUp: CheckUp }) {
    this.#deps = deps;
  }

  /** Tests the connection as that account. It stays that one: what it did is told apart by it. */
  async choose(actor: Actor, id: string, account: string): Promise<void> {
    administratorsOnly(actor, 'connect platforms');
    const { database, clock, checkUp } = this.#deps;
    await database.em().transactional(async (em) => {
      const row = await em.findOne(Connection, { id });
      if (row === null) throw notFound('connection', id);
      if (row.status === 'DISCONNECTED') throw conflict('The connection was disconnected for good; connect the account anew.');
      const chosen = row.accounts?.find((one) => one.account === account);
      if (chosen === undefined)
        throw badInput({ path: 'account', message: 'It is none of the accounts that the credentials of this connection open.' });
      if (row.account === account) return;
      if (row.account !== null)
        throw conflict(`The connection is the account ${row.account} already; connect a further one as a connection of its own (grantOf).`);
      row.account = chosen.account;
      row.accountName = chosen.name;
      row.facts = { ...chosen.facts };
      row.version += 1;
      row.updatedAt = new Date(clock.now());
      await em.flush();
      await writeAudit(ormRunner(em), {
        at: row.updatedAt.getTime(),
        actorId: actor.id,
        operation: 'chooseAccount',
        subjectId: id,
        before: { account: null },
        after: { account },
      });
      await notify(em, CONNECTIONS_CHANNEL, id);
    });
    await checkUp.test(id);
  }
}
