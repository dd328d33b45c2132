import { card, type Desk, type Input } from './desk.ts';
import type { Asked, RefusedScene } from './refused-scene.ts';

const one = (desk: Desk, code: string, over: Input = {}): Asked => ({ codes: [code], order: desk.order(over) });
/** Refusals by what the voucher itself is. */
export const VOUCHER_SCENES: readonly RefusedScene[] = [
  {
    reason: 'CODE_MALFORMED',
    set: async (desk) => one(desk, 'DV@0001'),
    es: 'El código no tiene la forma de ningún vale: revisa los caracteres.',
    en: 'This is not the form of any code: check the characters.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'CODE_UNKNOWN',
    set: async (desk) => one(desk, (await desk.word()).replace('WORD', 'WARD')),
    es: 'No existe ningún vale con este código: compruébalo.',
    en: 'There is no voucher with this code: check it.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'CODE_CHECK_FAILED',
    set: async (desk) => one(desk, mistyped(await desk.code())),
    es: 'El código está mal escrito o mal leído (no cuadra el carácter de control): vuelve a leerlo o teclearlo.',
    en: 'The code was mistyped or misread (its check character does not fit): read or type it again.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'NOT_ISSUED',
    set: async (desk) => one(desk, await desk.code({ distribution: 'CUSTOMER' })),
    es: 'Este vale todavía no se ha entregado a ningún cliente.',
    en: 'This voucher has not been given to a customer yet.',
    publicReason: 'NOT_USABLE',
    retryable: true,
  },
  {
    reason: 'ALREADY_REDEEMED',
    set: async (desk) => {
      const code = await desk.code();
      await desk.redeem([code], desk.order());
      return one(desk, code);
    },
    es: 'El vale ya se ha canjeado.',
    en: 'The voucher has been redeemed already.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'BALANCE_EMPTY',
    set: async (desk) => {
      const code = await desk.code({ incentive: card(500) });
      await desk.redeem([code], desk.order());
      return one(desk, code);
    },
    es: 'La tarjeta regalo ya no tiene saldo.',
    en: 'Nothing is left on the gift card.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'HELD_ELSEWHERE',
    set: async (desk) => {
      const code = await desk.code();
      await desk.hold([code], desk.order());
      return one(desk, code);
    },
    es: 'El vale está reservado por otro pedido hasta las 20:10.',
    en: 'Another order holds the voucher until 20:10.',
    publicReason: 'TRY_LATER',
    retryable: true,
    nearest: { validFrom: '2026-05-08T18:10:00.000Z' },
    nearestEn: 'Valid from 8 May 2026, 20:10.',
  },
  {
    reason: 'BLOCKED',
    set: async (desk) => {
      const code = await desk.code();
      await desk.mark('blockVoucher', code);
      return one(desk, code);
    },
    es: 'El vale está bloqueado.',
    en: 'The voucher is blocked.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'CANCELLED',
    set: async (desk) => {
      const code = await desk.code();
      await desk.mark('cancelVoucher', code);
      return one(desk, code);
    },
    es: 'El vale está anulado.',
    en: 'The voucher is cancelled.',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
  {
    reason: 'VOUCHER_NOT_STARTED',
    set: async (desk) => one(desk, await issued(desk, { validFrom: '2026-05-09T12:00:00+02:00' })),
    es: 'El vale es válido desde el 9 de mayo de 2026 a las 12:00.',
    en: 'The voucher is valid from 9 May 2026, 12:00.',
    publicReason: 'NOT_NOW',
    retryable: true,
    nearest: { validFrom: '2026-05-09T10:00:00.000Z' },
    nearestEn: 'Valid from 9 May 2026, 12:00.',
  },
  {
    reason: 'VOUCHER_EXPIRED',
    aheadOfNow: true,
    set: async (desk) =>
      one(desk, await issued(desk, { validUntil: '2026-05-09T12:00:00+02:00' }), { placedAt: '2026-05-09T12:00:00+02:00' }),
    es: 'El vale caducó el 9 de mayo de 2026 a las 12:00.',
    en: 'The voucher expired on 9 May 2026, 12:00.',
    publicReason: 'NOT_NOW',
    retryable: false,
    nearest: { validUntil: '2026-05-09T10:00:00.000Z' },
    nearestEn: 'Valid until 9 May 2026, 12:00.',
  },
  {
    reason: 'DUPLICATE_TRANSACTION',
    set: async (desk) => {
      const order = desk.order({ externalId: 'mesa 7' });
      const code = await desk.word();
      await desk.redeem([code], order);
      return { codes: [code], order };
    },
    es: 'Este código ya se canjeó en este mismo pedido (mesa 7).',
    en: 'This code was already redeemed on this very order (mesa 7).',
    publicReason: 'NOT_USABLE',
    retryable: false,
  },
];

/** Another digit at the end than the right one. */
function mistyped(code: string): string {
  return `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`;
}

async function issued(desk: Desk, times: Input): Promise<string> {
  const id = await desk.campaign({ distribution: 'CUSTOMER' });
  await desk.codesOf(id, 2);
  return (await desk.issue(id, { phone: '+34600700800' }, times)).voucher.code;
}
