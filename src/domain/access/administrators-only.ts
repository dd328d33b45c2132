import { forbidden } from '../shared/errors.ts';
import type { Actor } from './roles.ts';

/** `may`: what it is that only they may, as it stands behind "may". Throws FORBIDDEN. */
export function administratorsOnly({ role }: Pick<Actor, 'role'>, may: string): void {
  if (role !== 'ADMIN') throw forbidden(`Only an ADMIN key may ${may}.`);
}
