import { spanishConditions } from './condition-texts-es.ts';
import type { FailureFacts, LimitUse } from './reason-facts.ts';
import type { ReasonTexts } from './reason-texts.types.ts';
import type { TextFormat } from './text-format.ts';

const CHANNELS: Readonly<Record<string, string>> = {
  DINE_IN: 'consumo en el local',
  TAKEAWAY: 'pedidos para llevar',
  DELIVERY: 'envío a domicilio',
  ONLINE: 'pedidos por internet',
  KIOSK: 'pedidos en el quiosco',
};
const PER: Readonly<Record<LimitUse['per'], string>> = {
  VOUCHER: 'con este vale',
  CUSTOMER: 'por este cliente',
  STORE: 'en este local',
  TILL: 'en esta caja',
  ORDER: 'en este pedido',
  CAMPAIGN: 'en esta campaña',
  MAIN_CAMPAIGN: 'en la campaña principal',
};
const PERIOD: Readonly<Record<LimitUse['period'], string>> = {
  EVER: '',
  BUSINESS_DAY: 'hoy ',
  WEEK: 'esta semana ',
  MONTH: 'este mes ',
  YEAR: 'este año ',
};

const called = (name: string | undefined): string => (name === undefined ? '' : ` «${name}»`);
const items = (quantity: string, format: TextFormat): string =>
  `${format.quantity(quantity)} ${quantity === '1' ? 'artículo' : 'artículos'} de la promoción`;
const sum = (minor: number | undefined, facts: FailureFacts, format: TextFormat): string | undefined =>
  minor === undefined || facts.currency === undefined ? undefined : format.money(minor, facts.currency);

/** "las 19:42", but "la 01:05". */
const clock = (hour: string): string => `${hour.startsWith('01') ? 'la' : 'las'} ${hour}`;
const at = (instant: string, format: TextFormat): string => {
  const { day, hour } = format.moment(instant);
  return `el ${day} a ${clock(hour)}`;
};

function limit(facts: FailureFacts, format: TextFormat): string {
  const use = facts.limit;
  if (use === undefined) return 'Se ha alcanzado el límite.';
  const where = `${PERIOD[use.period]}${PER[use.per]}`;
  const held =
    use.held === 0 || use.heldUntil === null
      ? ''
      : `; en reserva hasta ${clock(format.hour(use.heldUntil))}: ${amountOf(use.held, use, facts, format)}`;
  const resets = use.resetsAt === null ? '' : `; vuelve a contar desde ${at(use.resetsAt, format)}`;
  const would = use.counts === 'DISCOUNT_AMOUNT' ? sum(facts.required, facts, format) : undefined;
  const wanted = would === undefined ? '' : `; este vale descontaría ${would}`;
  return `Límite alcanzado: ${amountOf(use.used, use, facts, format)} de ${amountOf(use.max, use, facts, format)} ${done(use)} ${where}${held}${wanted}${resets}.`;
}

function done(use: LimitUse): string {
  if (use.counts === 'DISCOUNT_AMOUNT') return 'descontados';
  if (use.counts === 'ISSUED') return use.max === 1 ? 'vale emitido' : 'vales emitidos';
  return use.max === 1 ? 'canje' : 'canjes';
}

function amountOf(value: number, use: LimitUse, facts: FailureFacts, format: TextFormat): string {
  const money = use.counts === 'DISCOUNT_AMOUNT' ? sum(value, facts, format) : undefined;
  return money ?? format.quantity(String(value));
}

export const spanish: ReasonTexts = {
  reasons: {
    CODE_MALFORMED: () => 'El código no tiene la forma de ningún vale: revisa los caracteres.',
    CODE_UNKNOWN: () => 'No existe ningún vale con este código: compruébalo.',
    CODE_CHECK_FAILED: () => 'El código está mal escrito o mal leído (no cuadra el carácter de control): vuelve a leerlo o teclearlo.',
    NOT_ISSUED: () => 'Este vale todavía no se ha entregado a ningún cliente.',
    ALREADY_REDEEMED: () => 'El vale ya se ha canjeado.',
    BALANCE_EMPTY: (facts, format) => {
      const [left, wanted] = [sum(facts.actual, facts, format), sum(facts.required, facts, format)];
      return left === undefined || wanted === undefined
        ? 'La tarjeta regalo ya no tiene saldo.'
        : `A la tarjeta regalo le quedan ${left} y se han cobrado ${wanted}.`;
    },
    HELD_ELSEWHERE: (facts, format) =>
      `El vale está reservado por otro pedido${facts.at === undefined ? '' : ` hasta ${clock(format.hour(facts.at))}`}.`,
    HOLD_EXPIRED: (facts, format) =>
      `La reserva del vale ya no está vigente${facts.at === undefined ? '' : `: venció ${at(facts.at, format)}`}. Vuelve a pasar el código.`,
    HOLD_MISMATCH: () => 'El pedido no coincide con el de la reserva del vale: resérvalo de nuevo.',
    BLOCKED: () => 'El vale está bloqueado.',
    CANCELLED: () => 'El vale está anulado.',
    CAMPAIGN_NOT_ACTIVE: (facts) => `La campaña${called(facts.name)} no está activa.`,
    CAMPAIGN_NOT_STARTED: (facts, format) =>
      `La campaña${called(facts.name)} ${facts.date === undefined ? 'no ha empezado' : `empieza el ${format.day(facts.date)}`}.`,
    CAMPAIGN_ENDED: (facts, format) =>
      `La campaña${called(facts.name)} ${facts.date === undefined ? 'ha terminado' : `terminó el ${format.day(facts.date)}`}.`,
    CAMPAIGN_PAUSED: (facts) => `La campaña${called(facts.name)} está en pausa.`,
    VOUCHER_NOT_STARTED: (facts, format) =>
      facts.at === undefined ? 'El vale aún no es válido.' : `El vale es válido desde ${at(facts.at, format)}.`,
    VOUCHER_EXPIRED: (facts, format) => (facts.at === undefined ? 'El vale ha caducado.' : `El vale caducó ${at(facts.at, format)}.`),
    WRONG_STORE: (facts, format) => {
      const where = facts.name === undefined ? 'este local' : facts.name;
      return `El vale no es válido en ${where}${facts.storeNames?.length ? `; lo es en ${format.list(facts.storeNames)}` : ''}.`;
    },
    WRONG_CHANNEL: (facts, format) => {
      const channels = facts.channels?.map((channel) => CHANNELS[channel] ?? channel) ?? [];
      return `El vale no es válido para este tipo de venta${channels.length === 0 ? '' : `; lo es para ${format.list(channels)}`}.`;
    },
    WRONG_CURRENCY: (facts) =>
      facts.currency === undefined || facts.name === undefined
        ? 'La moneda no corresponde.'
        : `El pedido está en ${facts.currency} y el vale solo es válido en ${facts.name}.`,
    CUSTOMER_REQUIRED: () => 'Para usar este vale hay que identificar al cliente.',
    CUSTOMER_UNKNOWN: () => 'No hay ningún cliente con ese identificador.',
    OTHER_CUSTOMER: () => 'El vale es de otro cliente.',
    ORDER_BELOW_MINIMUM: (facts, format) => {
      const [required, actual] = [sum(facts.required, facts, format), sum(facts.actual, facts, format)];
      const missing = sum((facts.required ?? 0) - (facts.actual ?? 0), facts, format);
      return required === undefined || actual === undefined
        ? 'El pedido no llega al mínimo.'
        : `Faltan ${missing}: el pedido suma ${actual} y el mínimo es de ${required}.`;
    },
    ORDER_ABOVE_MAXIMUM: (facts, format) => {
      const [required, actual] = [sum(facts.required, facts, format), sum(facts.actual, facts, format)];
      const over = sum((facts.actual ?? 0) - (facts.required ?? 0), facts, format);
      return required === undefined || actual === undefined
        ? 'El pedido supera el máximo.'
        : `El pedido suma ${actual} y supera en ${over} el máximo de ${required}.`;
    },
    TRIGGER_QUANTITY_NOT_MET: (facts, format) =>
      facts.quantityRequired === undefined || facts.quantityActual === undefined
        ? 'Faltan artículos de la promoción.'
        : `${facts.quantityRequired === '1' ? 'Hace' : 'Hacen'} falta ${items(facts.quantityRequired, format)} y en el pedido hay ${format.quantity(facts.quantityActual)}.`,
    NO_ELIGIBLE_ITEM: () => 'Ningún artículo del pedido entra en la promoción.',
    ALL_ITEMS_ALREADY_DISCOUNTED: () => 'Todos los artículos de la promoción tienen ya un descuento.',
    LINES_LOCKED: (facts, format) => {
      const [then, now] = [sum(facts.required, facts, format), sum(facts.actual, facts, format)];
      const detail =
        then === undefined || now === undefined
          ? ''
          : ` La línea ${facts.name ?? ''} tiene ahora un descuento de ${now} y entonces tenía ${then}.`;
      return `Se ha añadido un descuento de línea después de aplicar un vale a todo el pedido.${detail} Quítalo o devuelve antes el vale.`;
    },
    NO_EFFECT: () => 'El vale no descontaría nada: no queda importe al que aplicarlo.',
    LIMIT_VOUCHER: limit,
    LIMIT_CUSTOMER: limit,
    LIMIT_STORE: limit,
    LIMIT_TILL: limit,
    LIMIT_ORDER: limit,
    LIMIT_CAMPAIGN: limit,
    LIMIT_MAIN_CAMPAIGN: limit,
    BUDGET_EXHAUSTED: (facts, format) => {
      const [required, actual] = [sum(facts.required, facts, format), sum(facts.actual, facts, format)];
      if (required === undefined || actual === undefined) return `El presupuesto de la campaña${called(facts.name)} está agotado.`;
      const held = facts.at === undefined ? '' : `; puede haber más disponible a partir de ${clock(format.hour(facts.at))}`;
      return `El vale descontaría ${required} y del presupuesto de la campaña${called(facts.name)} quedan ${actual}${held}.`;
    },
    NOT_COMBINABLE: (facts) => `No se puede combinar: en el pedido ya hay un vale del mismo grupo${called(facts.name)}.`,
    EXCLUSIVE_LOST: () => 'No se puede combinar: uno de los vales del pedido no admite otros.',
    TOO_MANY_VOUCHERS: (facts, format) =>
      facts.quantityRequired === undefined
        ? 'Solo se admite un vale como pago en cada pedido.'
        : `El local admite ${format.quantity(facts.quantityRequired)} ${facts.quantityRequired === '1' ? 'vale' : 'vales'} por pedido y ya hay ${format.quantity(facts.quantityActual ?? facts.quantityRequired)}.`,
    DUPLICATE_TRANSACTION: (facts) => `Este código ya se canjeó en este mismo pedido${facts.name === undefined ? '' : ` (${facts.name})`}.`,
    IDEMPOTENCY_KEY_REUSED: () => 'La clave de idempotencia es de otra petición: usa una nueva.',
    ALREADY_REVERSED: () => 'No queda nada por devolver.',
    REVERSAL_EXCEEDS: (facts, format) => {
      const [required, actual] = [sum(facts.required, facts, format), sum(facts.actual, facts, format)];
      if (required !== undefined && actual !== undefined) return `Se quieren devolver ${required} y solo quedan ${actual}.`;
      if (facts.quantityRequired === undefined || facts.quantityActual === undefined) return 'Se quiere devolver más de lo que queda.';
      return `De la línea ${facts.name ?? ''} se quieren devolver ${format.quantity(facts.quantityRequired)} y solo quedan ${format.quantity(facts.quantityActual)}.`;
    },
    ...spanishConditions,
    TOO_MANY_ATTEMPTS: () => 'Demasiados códigos erróneos: espera un minuto e inténtalo de nuevo.',
  },
  publicReasons: {
    NOT_USABLE: 'Este código no se puede usar.',
    NOT_NOW: 'Este vale no se puede usar ahora.',
    NOT_HERE: 'Este vale no se puede usar aquí.',
    NOT_THIS_BASKET: 'Este vale no se puede usar con este pedido.',
    SIGN_IN: 'Inicia sesión para usar este vale.',
    TRY_LATER: 'Inténtalo de nuevo más tarde.',
  },
  nearest: {
    addAmount: (money) => `Añade ${money} al pedido.`,
    addQuantity: (quantity, skus, format) => `Añade ${items(quantity, format)}${skus.length === 0 ? '' : `: ${skus.join(', ')}`}.`,
    window: (from, until, format) =>
      `Válido${from === undefined ? '' : ` desde ${at(from, format)}`}${until === undefined ? '' : ` hasta ${at(until, format)}`}.`,
    stores: (names, count, format) =>
      names.length === 0 ? `Válido en ${count === 1 ? 'otro local' : `otros ${count} locales`}.` : `Válido en ${format.list(names)}.`,
  },
};
