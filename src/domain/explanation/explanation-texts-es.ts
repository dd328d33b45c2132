import type { Incentive } from '../campaign/incentive.types.ts';
import type { FailureFacts } from '../shared/reason-facts.ts';
import type { TextFormat } from '../shared/text-format.ts';
import type { ExplainedLimit, Place, Reckoning } from './explanation.types.ts';
import type { ExplanationTexts } from './explanation-texts.types.ts';

const CHANNELS: Readonly<Record<string, string>> = {
  DINE_IN: 'en sala',
  TAKEAWAY: 'para llevar',
  DELIVERY: 'a domicilio',
  ONLINE: 'en línea',
  KIOSK: 'en quiosco',
};
const PER: Readonly<Record<ExplainedLimit['per'], string>> = {
  VOUCHER: 'con este vale',
  CUSTOMER: 'de este cliente',
  STORE: 'en este restaurante',
  TILL: 'en esta caja',
  ORDER: 'en este pedido',
  CAMPAIGN: 'en esta campaña',
  MAIN_CAMPAIGN: 'en la campaña principal',
};
const PERIOD: Readonly<Record<ExplainedLimit['period'], string>> = {
  EVER: '',
  BUSINESS_DAY: ' en ese día',
  WEEK: ' en esa semana',
  MONTH: ' en ese mes',
  YEAR: ' en ese año',
};

const sum = (minor: number | undefined, { currency }: FailureFacts, format: TextFormat): string =>
  minor === undefined || currency === undefined ? '' : format.money(minor, currency);
const moment = (at: string | undefined, format: TextFormat): string => {
  if (at === undefined) return '';
  const { day, hour } = format.moment(at);
  return `${day}, ${hour}`;
};
const units = (count: number): string => (count === 1 ? '1 unidad' : `${count} unidades`);

function place({ because, beside, priority, alone }: Place, step: number, currency: string, format: TextFormat): string {
  const where = step === 1 ? `Primero, antes de ${beside}` : `Después de ${beside}`;
  const given = alone === null ? '' : ` (${format.money(alone, currency)})`;
  switch (because) {
    case 'ALONE':
      return 'Era el único vale.';
    case 'LEVEL':
      return `${where}: lo que se descuenta de líneas va antes que lo que se descuenta de todo el pedido, y los pagos parciales van al final.`;
    case 'PRIORITY':
      return `${where}: de los dos, va primero la campaña de mayor prioridad; la suya es ${priority}.`;
    case 'LARGER_DISCOUNT':
      return `${where}: a igual prioridad va primero el que daría más por sí solo; este daría${given || ' lo que da'}.`;
    case 'CODE':
      return `${where}: a igual prioridad e igual importe por sí solo${given}, los códigos van por orden alfabético.`;
  }
}

function reckoning(given: Reckoning, currency: string, format: TextFormat): string {
  const money = (minor: number) => format.money(minor, currency);
  return `${howOf(given, given.incentive, money, format)} Resultan ${money(given.amount)}.`;
}

function howOf(
  { base, units: count, unrounded }: Reckoning,
  incentive: Incentive,
  money: (minor: number) => string,
  format: TextFormat,
): string {
  const due = `${money(base)} por pagar en ${units(count)}`;
  if ('percentOff' in incentive) {
    const { percent, maximum } = incentive.percentOff;
    const exact =
      unrounded === null || !unrounded.includes('.') ? '' : ` (antes de redondear, ${format.quantity(unrounded)} unidades mínimas)`;
    const most = maximum === undefined ? '' : `, como máximo ${money(maximum.minor)}`;
    return `${format.quantity(percent)} % de ${due}${exact}${most}.`;
  }
  if ('amountOff' in incentive) return `${money(incentive.amountOff.amount.minor)} de descuento, sin pasar de ${due}.`;
  if ('specialPrice' in incentive) return `Precio de ${money(incentive.specialPrice.price.minor)} por unidad, donde había ${due}.`;
  if ('freeItem' in incentive) return `${format.quantity(incentive.freeItem.quantity)} gratis: ${due}.`;
  if ('buyXGetY' in incentive) {
    const { buyQuantity, getQuantity, percentOff } = incentive.buyXGetY;
    return `Por cada ${buyQuantity}, ${getQuantity} con ${format.quantity(percentOff)} % de descuento: ${due}.`;
  }
  if ('freeDelivery' in incentive) {
    const { maximum } = incentive.freeDelivery;
    return `Envío gratis${maximum === undefined ? '' : ` hasta ${money(maximum.minor)}`}: ${due}.`;
  }
  if ('giftBalance' in incentive)
    return `Tarjeta regalo que valía ${money(incentive.giftBalance.value.minor)}; quedaban ${money(base)} por pagar.`;
  return `Pago parcial de ${money(incentive.tender.value.minor)}; quedaban ${money(base)} por pagar.`;
}

function limit({ counts, per, period, max, taken, used, held }: ExplainedLimit, currency: string, format: TextFormat): string {
  const many = (value: number) => (counts === 'REDEMPTIONS' ? format.quantity(String(value)) : format.money(value, currency));
  const what = counts === null ? 'Presupuesto' : counts === 'REDEMPTIONS' ? 'Canjes' : 'Descuentos';
  const where = counts === null && per === 'CAMPAIGN' ? '' : ` ${PER[per]}`;
  const stood =
    used === null ? 'no se pasaba, comprobado al escribirlo' : `antes iban ${many(used)}${held ? ` y ${many(held)} reservados` : ''}`;
  return `${what}${where}${PERIOD[period]}: tomó ${many(taken)} de ${many(max)}; ${stood}.`;
}

export const spanish: ExplanationTexts = {
  checks: {
    DUPLICATE_TRANSACTION: { title: 'Una vez por pedido', met: () => 'el código no se había usado en este pedido' },
    BLOCKED: { title: 'Estado del vale', met: () => 'ni bloqueado ni anulado' },
    NOT_ISSUED: { title: 'Entregado', met: () => 'el vale estaba entregado a alguien' },
    ALREADY_REDEEMED: {
      title: 'Usos del vale',
      met: ({ actual = 0, required }) => `usado ${actual} veces antes${required === undefined ? ', sin tope propio' : `, de ${required}`}`,
    },
    BALANCE_EMPTY: {
      title: 'Saldo',
      met: (facts, format) => `quedaban ${sum(facts.actual, facts, format)} de ${sum(facts.required, facts, format)}`,
    },
    HELD_ELSEWHERE: { title: 'Reservas', met: () => 'ningún otro pedido lo tenía reservado' },
    CAMPAIGN_NOT_ACTIVE: { title: 'Estado de la campaña', met: ({ name }) => `«${name}» estaba activa` },
    CAMPAIGN_NOT_STARTED: { title: 'Primer día', met: ({ date = '' }, format) => `desde el ${format.day(date)}` },
    CAMPAIGN_ENDED: { title: 'Último día', met: ({ date = '' }, format) => `hasta el ${format.day(date)}, inclusive` },
    VOUCHER_NOT_STARTED: { title: 'Comienzo del vale', met: ({ at }, format) => `vale desde el ${moment(at, format)}` },
    VOUCHER_EXPIRED: { title: 'Fin del vale', met: ({ at }, format) => `vale hasta el ${moment(at, format)}` },
    WRONG_STORE: { title: 'Restaurante', met: ({ name }) => `${name} es de los de la campaña` },
    WRONG_CHANNEL: {
      title: 'Canal de venta',
      met: ({ channels = [] }, format) => `${format.list(channels.map((channel) => CHANNELS[channel] ?? channel))}, de los de la campaña`,
    },
    WRONG_CURRENCY: { title: 'Moneda', met: ({ name }) => `${name}, como en el restaurante y la campaña` },
    CUSTOMER_UNKNOWN: { title: 'Cliente', met: () => 'un cliente conocido' },
    OTHER_CUSTOMER: { title: 'Dueño del vale', met: () => 'el cliente del pedido' },
    CUSTOMER_REQUIRED: { title: 'Cliente indicado', met: () => 'el pedido lo indica, como pide la campaña' },
    ORDER_BELOW_MINIMUM: {
      title: 'Pedido mínimo',
      met: (facts, format) => `${sum(facts.actual, facts, format)}, al menos ${sum(facts.required, facts, format)}`,
    },
    ORDER_ABOVE_MAXIMUM: {
      title: 'Pedido máximo',
      met: (facts, format) => `${sum(facts.actual, facts, format)}, como máximo ${sum(facts.required, facts, format)}`,
    },
    NO_ELIGIBLE_ITEM: {
      title: 'Artículos',
      met: ({ quantityActual, quantityRequired }) => `${quantityActual} de ${quantityRequired} líneas son de las del incentivo`,
    },
    WRONG_HOUR: { title: 'Días y horas', met: ({ at }, format) => `abierto el ${moment(at, format)}` },
    BLACKOUT_DAY: { title: 'Días excluidos', met: ({ date = '' }, format) => `el ${format.day(date)} no es uno de ellos` },
    WRONG_PAYMENT_METHOD: { title: 'Forma de pago', met: ({ methods = [] }, format) => `pagado con ${format.list(methods)}` },
    CUSTOMER_GROUP_EXCLUDED: { title: 'Grupos excluidos', met: () => 'el cliente no está en ninguno' },
    NOT_IN_SEGMENT: { title: 'Segmento', met: () => 'el cliente estaba en él' },
    OUTSIDE_BIRTHDAY_WINDOW: { title: 'Cumpleaños', met: () => 'dentro de los días alrededor' },
    OUTSIDE_ANNIVERSARY_WINDOW: { title: 'Aniversario', met: () => 'dentro de los días alrededor' },
    NOT_FIRST_ORDER: { title: 'Primer pedido', met: () => 'el primero del cliente' },
    CONDITION_NOT_MET: { title: 'Condición', met: ({ name }) => `se cumple la de «${name}»` },
    NOT_COMBINABLE: { title: 'Grupo de combinación', met: ({ name }) => `el único del grupo «${name}»` },
    EXCLUSIVE_LOST: { title: 'Exclusivo', met: () => 'no había otro antes' },
    TOO_MANY_VOUCHERS: {
      title: 'Vales por pedido',
      met: ({ quantityActual, quantityRequired }) => `${quantityActual} antes que él, de ${quantityRequired}`,
    },
    LINES_LOCKED: { title: 'Líneas bloqueadas', met: () => 'ningún descuento de línea subió desde que un vale se aplicó a todo el pedido' },
  },
  notAsked: (title) => `${title}: no se pide.`,
  place,
  reckoning,
  booked: (booked, reckoned, currency, format) =>
    `La plataforma había dado ${format.money(booked, currency)} y eso se anotó; según las reglas eran ${format.money(reckoned, currency)}.`,
  limit,
  differences: {
    REFUSED: 'Al decidirlo otra vez, se rechaza.',
    KIND: 'Al decidirlo otra vez, es de otra clase.',
    STEP: 'Al decidirlo otra vez, le toca otro lugar.',
    AMOUNT: 'Al decidirlo otra vez, da otro importe.',
    ALLOCATIONS: 'Al decidirlo otra vez, cae en otras unidades.',
    LIMITS: 'Al decidirlo otra vez, toma de otros límites.',
    SUMS: 'Al decidirlo otra vez, las sumas del pedido son otras.',
    NOT_REPLAYED: 'No se pudo decidir otra vez: aquí no se conocen sus reglas o sus condiciones.',
  },
  agrees: 'Decidido otra vez con lo guardado, resulta lo mismo, hasta la última unidad.',
  disagrees: (count) => `Decidido otra vez con lo guardado, difiere en ${count} ${count === 1 ? 'cosa' : 'cosas'}.`,
  incomplete: 'Entonces no se guardó todo aquello con lo que se decidió, así que no es seguro.',
};
