import type { Failure, Identity } from '@valehub/connector-kit';
import type { Identified } from '@valehub/connector-kit/host';

/** Whose a connection is by its test call; `choose`: a person has to say. */
export type Judged =
  | { readonly identity: Identity }
  | { readonly choose: readonly Identity[]; readonly failure: Failure }
  | { readonly failure: WrongAccount };

/** `foreign`: the credentials open another account than this one. */
export type WrongAccount = Failure & { readonly foreign?: true };

const failure = (message: string): Failure => ({ code: 'BAD_CREDENTIALS', message });

/**
 * `account`: which one the connection is already. `bound`: it stays that one, because a person who agrees in a browser may be logged in
 * as somebody else without knowing.
 */
export function judgeIdentity(identified: Identified, account: string | null, bound: boolean): Judged {
  if (!('choose' in identified)) {
    if (!bound || account === null || identified.account === account) return { identity: identified };
    const words = `The log-in is that of another account (${identified.account}) than this connection's (${account}); a further account is a connection of its own.`;
    return { failure: { ...failure(words), foreign: true } };
  }
  const { choose } = identified;
  const [only, second] = choose;
  if (account === null) {
    if (only !== undefined && second === undefined) return { identity: only };
    return { choose, failure: failure(`The credentials open ${choose.length} accounts: say which one it is (chooseAccount).`) };
  }
  const chosen = choose.find((one) => one.account === account);
  return chosen ? { identity: chosen } : { failure: failure(`The credentials no longer open the account ${account}.`) };
}
