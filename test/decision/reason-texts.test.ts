import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { FailureFacts } from '../../src/domain/shared/reason-facts.ts';
import { languageOf, nearestBasketText, publicReasonText, reasonText } from '../../src/domain/shared/reason-texts.ts';
import { PUBLIC_REASONS, REASON_CODES, REASONS, type ReasonCode } from '../../src/domain/shared/reasons.ts';
import { textFormat } from '../../src/domain/shared/text-format.ts';
import { limit } from './builders.ts';
import { decisionsPage, reasonsPage } from './pages.ts';

const es = { language: 'es', timeZone: 'Europe/Madrid' } as const;
const en = { language: 'en', timeZone: 'Europe/Madrid' } as const;

describe('every reason', () => {
  test.each(REASON_CODES)('%s has a text of its own in both languages, with and without numbers', (reason) => {
    for (const setting of [es, en]) {
      const text = reasonText(reason, {}, setting);
      expect(text).toMatch(/^\p{Lu}.*\.$/u);
      expect(text).not.toMatch(/undefined|null|NaN/);
    }
    expect(reasonText(reason, {}, es)).not.toBe(reasonText(reason, {}, en));
  });

  test.each([
    [
      'HOLD_EXPIRED',
      { at: '2026-05-03T23:05:00Z' },
      'La reserva del vale ya no está vigente: venció el 4 de mayo de 2026 a la 01:05. Vuelve a pasar el código.',
      'The hold is over since 4 May 2026, 01:05. Enter the code again.',
    ],
    [
      'HOLD_MISMATCH',
      {},
      'El pedido no coincide con el de la reserva del vale: resérvalo de nuevo.',
      'The order is not the one the hold was made for: hold the voucher again.',
    ],
    [
      'IDEMPOTENCY_KEY_REUSED',
      {},
      'La clave de idempotencia es de otra petición: usa una nueva.',
      'The idempotency key belongs to another request: take a new one.',
    ],
    ['ALREADY_REVERSED', { currency: 'EUR', actual: 0 }, 'No queda nada por devolver.', 'Nothing is left to take back.'],
    [
      'BALANCE_EMPTY',
      { currency: 'EUR', required: 500, actual: 300 },
      'A la tarjeta regalo le quedan 3,00 € y se han cobrado 5,00 €.',
      'There is 3.00 EUR left on the gift card, and 5.00 EUR was taken.',
    ],
    [
      'REVERSAL_EXCEEDS',
      { currency: 'EUR', required: 800, actual: 500 },
      'Se quieren devolver 8,00 € y solo quedan 5,00 €.',
      '8.00 EUR is to be taken back, but only 5.00 EUR is left.',
    ],
    [
      'REVERSAL_EXCEEDS',
      { name: 'tapa', quantityRequired: '3', quantityActual: '1.5' },
      'De la línea tapa se quieren devolver 3 y solo quedan 1,5.',
      '3 of line tapa is to be taken back, but only 1.5 is left.',
    ],
    [
      'TOO_MANY_ATTEMPTS',
      {},
      'Demasiados códigos erróneos: espera un minuto e inténtalo de nuevo.',
      'Too many wrong codes: wait a minute and try again.',
    ],
    [
      'LIMIT_CUSTOMER',
      {
        limit: {
          ...limit('CUSTOMER', 2, { counts: 'ISSUED', period: 'MONTH' }),
          used: 2,
          held: 0,
          heldUntil: null,
          resetsAt: '2026-06-01T02:00:00Z',
        },
      },
      'Límite alcanzado: 2 de 2 vales emitidos este mes por este cliente; vuelve a contar desde el 1 de junio de 2026 a las 04:00.',
      'Limit reached: 2 of 2 issued this month by this customer; it counts anew from 1 June 2026, 04:00.',
    ],
    [
      'BUDGET_EXHAUSTED',
      { name: 'Mayo', currency: 'EUR', required: 800, actual: 500, at: '2026-05-03T18:10:00Z' },
      'El vale descontaría 8,00 € y del presupuesto de la campaña «Mayo» quedan 5,00 €; puede haber más disponible a partir de las 20:10.',
      'The voucher would give 8.00 EUR, but 5.00 EUR is left of the budget of the campaign "Mayo"; more may come free by 20:10.',
    ],
  ] as const satisfies readonly (readonly [ReasonCode, FailureFacts, string, string])[])(
    '%s with %j',
    (reason, facts, spanish, english) => {
      expect(reasonText(reason, facts, es)).toBe(spanish);
      expect(reasonText(reason, facts, en)).toBe(english);
    },
  );
});

describe('what would help', () => {
  test('all of it, in one text', () => {
    const nearest = {
      addAmount: 320,
      addQuantity: '1',
      eligibleSkus: ['margarita'],
      validFrom: '2026-05-04T02:00:00Z',
      validUntil: '2026-06-01T02:00:00Z',
      storeIds: ['sto_1'],
    };
    expect(nearestBasketText(nearest, 'EUR', es)).toBe(
      'Añade 3,20 € al pedido. Añade 1 artículo de la promoción: margarita. Válido desde el 4 de mayo de 2026 a las 04:00 hasta el 1 de junio de 2026 a las 04:00. Válido en otro local.',
    );
    expect(nearestBasketText(nearest, 'EUR', { ...en, storeName: () => 'Málaga' })).toBe(
      'Add 3.20 EUR to the order. Add 1 eligible item: margarita. Valid from 4 May 2026, 04:00 until 1 June 2026, 04:00. Valid in Málaga.',
    );
  });

  test.each(PUBLIC_REASONS)('the public hears of %s in both languages', (reason) => {
    expect(publicReasonText(reason, null, 'EUR', es)).not.toBe(publicReasonText(reason, null, 'EUR', en));
  });

  test('the class and the nearest basket, nothing else', () => {
    expect(publicReasonText('NOT_THIS_BASKET', { addAmount: 320 }, 'EUR', es)).toBe(
      'Este vale no se puede usar con este pedido. Añade 3,20 € al pedido.',
    );
    expect(publicReasonText('NOT_USABLE', null, 'EUR', en)).toBe('This code cannot be used.');
  });
});

describe('sums and hours', () => {
  test('by the minor units of the currency, exact beyond floats, with spaces that ticket printers know', () => {
    const spanish = textFormat('es', 'UTC');
    expect([spanish.money(1_234_567, 'EUR'), spanish.money(500, 'JPY'), spanish.money(1_500, 'KWD'), spanish.money(-5, 'EUR')]).toEqual([
      '12.345,67 €',
      '500 JPY',
      '1,500 KWD',
      '-0,05 €',
    ]);
    expect(textFormat('en', 'UTC').money(9_007_199_254_740_991, 'EUR')).toBe('90,071,992,547,409.91 EUR');
  });

  test('local to the store', () => {
    const facts = { at: '2026-05-03T18:10:00Z' };
    expect(reasonText('HELD_ELSEWHERE', facts, { language: 'en', timeZone: 'Atlantic/Canary' })).toBe(
      'Another order holds the voucher until 19:10.',
    );
  });
});

test.each([
  ['es-ES,es;q=0.9,en;q=0.8', 'en', 'es'],
  ['en-US', 'es', 'en'],
  ['fr, en;q=0.5, es;q=0.7', 'en', 'es'],
  ['fr', 'en', 'en'],
  ['en;q=0, es;q=0.1', 'en', 'es'],
  [undefined, 'es-AR', 'es'],
  ['', 'de', 'es'],
  ['*', 'en', 'en'],
])('Accept-Language %j with fallback %s is %s', (header, fallback, language) => {
  expect(languageOf(header, fallback)).toBe(language);
});

describe('the reference', () => {
  const page = (name: string): string => readFileSync(new URL(`../../docs/reference/${name}`, import.meta.url), 'utf8');

  test('reasons.md is the table (write it anew with: node test/decision/pages.ts)', () => {
    expect(page('reasons.md')).toBe(reasonsPage());
    for (const reason of REASON_CODES) expect(page('reasons.md')).toContain(`\`${reason}\``);
    expect(REASON_CODES).toHaveLength(Object.keys(REASONS).length);
  });

  test('decisions.md shows the sums that are tested (write it anew with: node test/decision/pages.ts)', () => {
    expect(page('decisions.md')).toBe(decisionsPage(page('decisions.md')));
  });
});
