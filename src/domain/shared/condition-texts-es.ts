import type { FailureFacts } from './reason-facts.ts';
import type { ConditionTexts } from './reason-texts.types.ts';
import type { TextFormat } from './text-format.ts';
import type { Weekday } from './weekdays.ts';

const WEEKDAYS: Readonly<Record<Weekday, string>> = {
  MON: 'lunes',
  TUE: 'martes',
  WED: 'miércoles',
  THU: 'jueves',
  FRI: 'viernes',
  SAT: 'sábados',
  SUN: 'domingos',
};

const called = (name: string | undefined): string => (name === undefined ? '' : ` «${name}»`);
/** "las 19:42", but "la 01:05". */
const clock = (hour: string): string => `${hour.startsWith('01') ? 'la' : 'las'} ${hour}`;
const hours = (facts: FailureFacts, format: TextFormat): string =>
  format.list((facts.hours ?? []).map(({ from, to }) => (from === to ? 'todo el día' : `de ${clock(from)} a ${clock(to)}`)));
const days = (n: number): string => `${n} ${n === 1 ? 'día' : 'días'}`;

function around(what: string, { around: window, unknown }: FailureFacts): string {
  if (unknown) return `No se conoce el ${what} del cliente.`;
  if (window === undefined) return `No son las fechas del ${what} del cliente.`;
  const { daysBefore, daysAfter } = window;
  if (daysBefore === 0 && daysAfter === 0) return `El vale solo es válido el día del ${what} del cliente.`;
  const from = daysBefore === 0 ? `el ${what} del cliente` : `${days(daysBefore)} antes del ${what} del cliente`;
  return `El vale es válido desde ${from} hasta ${daysAfter === 0 ? 'el mismo día' : `${days(daysAfter)} después`}.`;
}

export const spanishConditions: ConditionTexts = {
  WRONG_WEEKDAY: (facts, format) => {
    const valid = facts.weekdays?.map((weekday) => WEEKDAYS[weekday]) ?? [];
    return `El vale no es válido este día de la semana${valid.length === 0 ? '' : `; lo es los ${format.list(valid)}`}.`;
  },
  WRONG_HOUR: (facts, format) =>
    `El vale no es válido a esta hora${facts.hours === undefined ? '' : `; hoy lo es ${hours(facts, format)}`}.`,
  BLACKOUT_DAY: (facts, format) =>
    `La campaña${called(facts.name)} no vale ${facts.date === undefined ? 'este día' : `el ${format.day(facts.date)}`}.`,
  WRONG_PAYMENT_METHOD: (facts, format) => {
    if (facts.methods === undefined) return 'El vale exige otra forma de pago.';
    const methods = format.either(facts.methods);
    return facts.unknown
      ? `El vale es válido pagando con ${methods}: hay que indicar cómo se paga el pedido.`
      : `El vale solo es válido pagando con ${methods}.`;
  },
  CUSTOMER_GROUP_EXCLUDED: (facts) =>
    facts.name === undefined
      ? 'El cliente es de un grupo excluido.'
      : `Los clientes del grupo «${facts.name}» quedan excluidos de la promoción.`,
  NOT_IN_SEGMENT: (facts) => `El cliente no está entre los destinatarios de la campaña${called(facts.name)}.`,
  OUTSIDE_BIRTHDAY_WINDOW: (facts) => around('cumpleaños', facts),
  OUTSIDE_ANNIVERSARY_WINDOW: (facts) => around('aniversario', facts),
  NOT_FIRST_ORDER: () => 'El vale es para el primer pedido de un cliente y este ya tiene otro.',
  CONDITION_NOT_MET: (facts) => `El pedido no cumple una condición de la campaña${called(facts.name)}.`,
};
