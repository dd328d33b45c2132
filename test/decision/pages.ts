import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CONDITION_VARIABLES } from '../../src/domain/decision/condition-expression.ts';
import { EXPRESSION_TYPES } from '../../src/domain/expression/expression-types.ts';
import { decimalText } from '../../src/domain/shared/decimal.ts';
import { publicReasonText, reasonText } from '../../src/domain/shared/reason-texts.ts';
import { PUBLIC_REASONS, REASON_CODES, REASONS } from '../../src/domain/shared/reasons.ts';
import { weekdayOf } from '../../src/domain/shared/weekdays.ts';
import { store } from './builders.ts';
import { decideCase, type WorkedCase, type WorkedVoucher } from './worked-case.ts';
import { WORKED_FAMILIES } from './worked-cases.ts';
import { WORKED_HOURS } from './worked-hours.ts';
import { ReturnDesk, type WorkedReturn } from './worked-return.ts';
import { WORKED_RETURNS } from './worked-returns.ts';

const HOUSE = store();
const es = { language: 'es', timeZone: 'Europe/Madrid' } as const;
const en = { language: 'en', timeZone: 'Europe/Madrid' } as const;
const euro = (minor: number): string => {
  const [whole = '0', fraction = ''] = decimalText(BigInt(minor), 2).split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
};
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** docs/reference/reasons.md, whole. */
export function reasonsPage(): string {
  const reasons = REASON_CODES.map((code) => {
    const { meaning, publicClass, retryable } = REASONS[code];
    return [
      `\`${code}\``,
      meaning,
      `\`${publicClass}\``,
      code.startsWith('LIMIT_') || code === 'BUDGET_EXHAUSTED' ? 'if it frees up' : retryable ? 'yes' : 'no',
      reasonText(code, {}, en),
      reasonText(code, {}, es),
    ];
  });
  const classes = PUBLIC_REASONS.map((reason) => [
    `\`${reason}\``,
    publicReasonText(reason, null, 'EUR', en),
    publicReasonText(reason, null, 'EUR', es),
  ]);
  return `# Reasons

Why a voucher is refused. A refusal carries the first rule that failed as its \`reason\` and every rule that failed in \`failures\`;
[decisions.md](decisions.md) says in which order the rules are asked. The texts stand here without numbers; in an answer they name the
sums, quantities, days and hours of the case ("Faltan 3,20 €: el pedido suma 11,80 € y el mínimo es de 15,00 €."), in the language that
\`Accept-Language\` asks for, with days and hours local to the store.

**Retryable** means that the same request may succeed later without a change to the order or the voucher, with a new idempotency key.
A refusal is retryable if every rule that failed is. A limit or budget frees up when its period turns or a hold on it ends.

${table(['reason', 'meaning', 'public class', 'retryable', 'English', 'Spanish'], reasons)}

## What the public hears

A PUBLIC key is told the class only, with what would help: from when, where, or what to add. As soon as one failing rule is of the class
\`NOT_USABLE\`, that is all that is said, so that an unknown code, a used one and somebody else's cannot be told apart.

${table(['class', 'English', 'Spanish'], classes)}

This page is written from the table of reasons by \`node test/decision/pages.ts\`; a test compares the two.
`;
}

const BEGIN = '<!-- worked sums: written from the tests, see the end of the page -->';
const END = '<!-- end of the worked sums -->';

const BEGIN_RETURNS = '<!-- worked returns: written from the tests, see the end of the page -->';
const END_RETURNS = '<!-- end of the worked returns -->';

/** docs/reference/decisions.md with its worked sums and returns written anew. */
export function decisionsPage(page: string): string {
  const sums = between(page, BEGIN, END, WORKED_FAMILIES.map(workedFamily).join('\n'));
  return between(sums, BEGIN_RETURNS, END_RETURNS, WORKED_RETURNS.map(workedReturn).join('\n'));
}

function between(page: string, begin: string, end: string, content: string): string {
  const [before = '', rest = ''] = page.split(begin);
  const after = rest.split(end)[1] ?? '';
  return `${before}${begin}\n\n${content}\n${end}${after}`;
}

const workedFamily = ({ title, cases }: (typeof WORKED_FAMILIES)[number]): string => `### ${title}\n\n${cases.map(workedSum).join('\n')}`;

function workedSum(worked: WorkedCase): string {
  const { priced, outcomes } = decideCase(worked);
  const voucherOf = (code: string): WorkedVoucher => {
    const voucher = worked.vouchers.find((one) => one.code === code);
    if (!voucher) throw new Error(`${worked.title} has no voucher ${code}.`);
    return voucher;
  };
  const turn = ({ code, step }: { readonly code: string; readonly step: number }): number => (voucherOf(code).earlier ? 0 : 1_000) + step;
  const steps = outcomes.flatMap((outcome) => (outcome.outcome === 'applicable' ? [outcome] : [])).sort((a, b) => turn(a) - turn(b));
  const lines = worked.lines.map((line, index) => {
    const sums = priced.lines[index];
    return [
      line.id,
      line.quantity,
      euro(line.unitPrice),
      `${line.taxRate ?? HOUSE.taxRates.find(({ group }) => group === line.group)?.rate ?? HOUSE.defaultTaxRate} %`,
      euro(sums?.gross ?? 0),
      euro(line.discount),
      euro((sums?.discount ?? 0) - line.discount),
      euro(sums?.due ?? 0),
    ];
  });
  const given = steps.map((step, place) => {
    const { says, earlier } = voucherOf(step.code);
    const shares = step.allocations.map((share) => `${share.lineId} ${share.unit}: ${euro(share.amount)}`).join(', ');
    return `${place + 1}. \`${step.code}\` (${says}${earlier ? '; redeemed before' : ''}) gives **${euro(step.amount)}**${shares === '' ? '' : `: ${shares}`}`;
  });
  const refused = Object.entries(worked.refused ?? {}).map(
    ([code, reason]) => `\`${code}\` (${voucherOf(code).says}) is refused: \`${reason}\`.`,
  );
  const tax = priced.tax.map((entry) => `${entry.rate} %: ${euro(entry.base)} + ${euro(entry.tax)}`).join('; ');
  const setting = [
    worked.order?.pricesIncludeTax === false ? 'Prices without tax.' : '',
    worked.placedAt === undefined ? '' : `Order placed: ${local(worked.placedAt)}.`,
    worked.guest === undefined ? '' : `The guest was born on ${worked.guest.birthday}.`,
  ].filter((text) => text !== '');
  return `#### ${worked.title}

${[worked.why, ...setting].join(' ')}

${table(['line', 'quantity', 'price', 'rate', 'gross', 'given', 'vouchers', 'due'], lines)}

${[given.join('\n'), ...refused].filter((text) => text !== '').join('\n\n')}

Tax, base and amount: ${tax}. To pay: **${euro(priced.due)}**.
`;
}

function workedReturn({ title, why, lines, vouchers, steps }: WorkedReturn): string {
  const desk = new ReturnDesk(lines, vouchers);
  const shares = (text: string): string =>
    text.replace(/([^ ]+)\/(\d+):(\d+)/g, (_, line, unit, minor) => `${line} ${unit}: ${euro(Number(minor))},`);
  const listed = (text: string): string => shares(text).replace(/,$/, '').replace(/, >/, ' to');
  const given = vouchers.map(({ code, says }) => {
    const { amount, allocations } = desk.stateOf(code);
    const lie = allocations.map((share) => `${share.lineId}/${share.unit}:${share.amount}`).join(' ');
    return `- \`${code}\` (${says}) gave **${euro(amount)}**: ${listed(lie)}`;
  });
  const rows = steps.map(({ code, units }) => {
    const done = desk.returnUnits(code, units);
    if (typeof done === 'string') throw new Error(`${title}: ${done}`);
    const { settled, priced } = done;
    return [
      `\`${code}\``,
      Object.entries(units)
        .map(([lineId, quantity]) => `${quantity} ${lineId}`)
        .join(', '),
      `**${euro(settled.amount)}**${settled.amount > 0 ? `: ${listed(done.shares)}` : ''}`,
      settled.moved.length > 0 ? listed(done.moved) : '',
      settled.whole ? 'nothing: the voucher goes back' : listed(done.stands),
      euro(priced.due),
    ];
  });
  const basket = lines.map(
    ({ id, quantity, unitPrice, discount }) => `${quantity} ${id} at ${euro(unitPrice)}${discount > 0 ? ` less ${euro(discount)}` : ''}`,
  );
  return `### ${title}

${why}

Basket: ${basket.join(', ')}.

${given.join('\n')}

${table(['of', 'returned', 'comes back', 'moves', 'stands', 'rest to pay'], rows)}
`;
}

/** docs/reference/conditions.md with its hours and variables written anew. */
export function conditionsPage(page: string): string {
  const hours = table(
    ['windows', 'order placed', 'answer', 'because', 'next open'],
    WORKED_HOURS.map(({ says, placedAt, reason, why, next }) => [
      says,
      local(placedAt),
      reason === null ? 'holds' : `\`${reason}\``,
      why,
      next === undefined ? '' : `${local(next[0])}${next[1] === null ? '' : ` to ${next[1].slice(11, 16)}`}`,
    ]),
  );
  const variables = (['order', 'customer', 'store', 'voucher'] as const).map((name) => {
    const fields = Object.entries(EXPRESSION_TYPES[CONDITION_VARIABLES[name]] ?? {}).map(([field, type]) => `\`${field}\` ${type}`);
    return [`\`${name}\``, fields.join(', ')];
  });
  const parts = ['BasketLine', 'BasketPayment', 'Money', 'GroupTaxRate'].map((type) => [
    type,
    Object.entries(EXPRESSION_TYPES[type] ?? {})
      .map(([field, of]) => `\`${field}\` ${of}`)
      .join(', '),
  ]);
  const withHours = between(
    page,
    '<!-- hours: written from the tests, see the end of the page -->',
    '<!-- end of the hours -->',
    `${hours}\n`,
  );
  return between(
    withHours,
    '<!-- variables: written from the table that expressions are checked by -->',
    '<!-- end of the variables -->',
    `${table(['variable', 'fields'], variables)}\n\n${table(['type', 'fields'], parts)}\n`,
  );
}

const local = (instant: string): string => {
  const weekday = weekdayOf(instant.slice(0, 10));
  return `${weekday} ${instant.slice(0, 10)} ${instant.slice(11, 16)} ${instant.slice(19)}`;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = (name: string): URL => new URL(`../../docs/reference/${name}`, import.meta.url);
  writeFileSync(path('reasons.md'), reasonsPage());
  writeFileSync(path('conditions.md'), conditionsPage(readFileSync(path('conditions.md'), 'utf8')));
  writeFileSync(path('decisions.md'), decisionsPage(readFileSync(path('decisions.md'), 'utf8')));
}
