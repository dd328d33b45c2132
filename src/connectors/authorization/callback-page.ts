import type { Outcome } from './authorization-desk.ts';

interface Words {
  readonly title: string;
  readonly text: string;
  readonly next: string;
}

type Texts = Readonly<Record<Outcome['is'], Words>>;

/** `{connection}` is the connection's name, `{detail}` what the platform said. */
const SPANISH: Texts = {
  WORKS: {
    title: 'Conectado',
    text: '«{connection}» está autorizada y responde.',
    next: 'Puede cerrar esta página. En Valehub queda decir qué local es cada una de sus ubicaciones.',
  },
  CHOOSE: {
    title: 'Autorizado: falta elegir la cuenta',
    text: 'La autorización de «{connection}» abre varias cuentas.',
    next: 'Puede cerrar esta página y elegir en Valehub cuál de ellas es esta conexión.',
  },
  NOT_WORKING: {
    title: 'Autorizado, pero la conexión no funciona todavía',
    text: 'La plataforma aceptó la autorización de «{connection}», pero la llamada de prueba falló: {detail}',
    next: 'En Valehub, la conexión dice qué falta.',
  },
  NOT_ACCEPTED: {
    title: 'No se pudo conectar',
    text: 'La plataforma no dio credenciales para «{connection}»: {detail}',
    next: 'Pida en Valehub una dirección nueva e inténtelo otra vez.',
  },
  REFUSED: {
    title: 'La plataforma no dio su permiso',
    text: 'Nadie autorizó «{connection}»: {detail}',
    next: 'Si fue por error, pida en Valehub una dirección nueva e inténtelo otra vez.',
  },
  UNKNOWN: {
    title: 'Esta página no corresponde a ninguna autorización',
    text: 'Valehub no ha enviado a nadie a esta dirección, o fue hace mucho.',
    next: 'Pida en Valehub una dirección nueva.',
  },
  LATE: {
    title: 'La autorización ha caducado',
    text: 'Pasaron más de quince minutos desde que se pidió.',
    next: 'Pida en Valehub una dirección nueva e inténtelo otra vez.',
  },
  AGAIN: {
    title: 'Esta autorización ya se ha usado',
    text: 'Cada dirección sirve una sola vez.',
    next: 'Mire en Valehub cómo quedó la conexión; si hace falta, pida una dirección nueva.',
  },
  FORGED: {
    title: 'La respuesta no viene de la plataforma',
    text: 'Su firma no es correcta, así que no se ha cambiado nada.',
    next: 'Compruebe el secreto de la app en Valehub y pida una dirección nueva.',
  },
  GONE: {
    title: 'La conexión ya no existe',
    text: 'Fue desconectada mientras tanto.',
    next: 'Conecte la cuenta de nuevo en Valehub.',
  },
};

const ENGLISH: Texts = {
  WORKS: {
    title: 'Connected',
    text: '“{connection}” is authorised and answers.',
    next: 'You may close this page. What is left in Valehub: say which store each of its locations is.',
  },
  CHOOSE: {
    title: 'Authorised: the account is still to be chosen',
    text: 'The authorisation of “{connection}” opens several accounts.',
    next: 'You may close this page and choose in Valehub which of them this connection is.',
  },
  NOT_WORKING: {
    title: 'Authorised, but the connection does not work yet',
    text: 'The platform accepted the authorisation of “{connection}”, but the test call failed: {detail}',
    next: 'In Valehub the connection says what is missing.',
  },
  NOT_ACCEPTED: {
    title: 'Could not connect',
    text: 'The platform gave no credentials for “{connection}”: {detail}',
    next: 'Ask Valehub for a new address and try again.',
  },
  REFUSED: {
    title: 'The platform did not agree',
    text: 'Nobody authorised “{connection}”: {detail}',
    next: 'If that was a mistake, ask Valehub for a new address and try again.',
  },
  UNKNOWN: {
    title: 'This page belongs to no authorisation',
    text: 'Valehub has sent nobody to this address, or did so long ago.',
    next: 'Ask Valehub for a new address.',
  },
  LATE: {
    title: 'The authorisation has expired',
    text: 'More than fifteen minutes have passed since it was asked for.',
    next: 'Ask Valehub for a new address and try again.',
  },
  AGAIN: {
    title: 'This authorisation was used already',
    text: 'Each address is good once.',
    next: 'Look in Valehub how the connection does; if need be, ask for a new address.',
  },
  FORGED: {
    title: 'The answer does not come from the platform',
    text: 'Its signature is wrong, so nothing was changed.',
    next: 'Check the secret of the app in Valehub and ask for a new address.',
  },
  GONE: {
    title: 'The connection is no more',
    text: 'It was disconnected in the meantime.',
    next: 'Connect the account anew in Valehub.',
  },
};

const LONGEST_DETAIL = 300;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

function section(lang: string, { title, text, next }: Words, outcome: Outcome): string {
  const connection = 'connection' in outcome ? outcome.connection : '';
  const detail = 'detail' in outcome ? outcome.detail.replace(/\p{Cc}/gu, ' ').slice(0, LONGEST_DETAIL) : '';
  const filled = text.replace(/\{(connection|detail)\}/g, (_, name) => (name === 'detail' ? detail : connection));
  return `<section lang="${lang}"><h1>${escaped(title)}</h1><p>${escaped(filled)}</p><p>${escaped(next)}</p></section>`;
}

/** A page that says in Spanish and English how it went and what to do next. It loads nothing and holds no secret. */
export function callbackPage(outcome: Outcome): string {
  const both = `${section('es', SPANISH[outcome.is], outcome)}<hr>${section('en', ENGLISH[outcome.is], outcome)}`;
  const head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Valehub</title>';
  return `<!doctype html><html lang="es"><head>${head}</head><body>${both}</body></html>`;
}
