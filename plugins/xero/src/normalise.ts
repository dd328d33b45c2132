import type { Fact, HubDocument, Money, MoneyKit } from '@valehub/connector-kit';
import { readNarration, readReference } from './marks.ts';
import type { Entry, LineItem, ManualJournal, Sale } from './schemas.ts';

type Line = HubDocument['lines'][number];

const MOST_LINES = 500;

const given = (text: string | null | undefined): string | undefined => {
  const trimmed = text?.trim();
  return trimmed === undefined || trimmed === '' ? undefined : trimmed;
};

const dayOf = (instant: string): string => instant.slice(0, 10);

/** Minor units where the decimal has no finer digits than the currency; Xero's unit prices may have four. */
function whole(decimal: string | null | undefined, currency: string, money: MoneyKit): Money | undefined {
  if (decimal === null || decimal === undefined) return undefined;
  try {
    return money.fromMajor(decimal, currency);
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

/** Price, quantity and discount where they come to Xero's own amount of the line; else the line is one unit at that amount. */
function priced(item: LineItem, currency: string, money: MoneyKit): Pick<Line, 'quantity' | 'unitPrice' | 'discount'> {
  const net = money.fromMajor(item.LineAmount ?? '0', currency);
  const unitPrice = whole(item.UnitAmount, currency, money);
  const quantity = item.Quantity ?? '1';
  if (unitPrice && !quantity.startsWith('-')) {
    const discount = money.times(unitPrice, quantity).minor - net.minor;
    if (discount === 0) return { quantity, unitPrice };
    if (discount > 0 && unitPrice.minor > 0) return { quantity, unitPrice, discount: { minor: discount, currency } };
  }
  return { quantity: '1', unitPrice: net };
}

function line(item: LineItem, currency: string, money: MoneyKit): Line {
  const account = given(item.AccountCode);
  const code = given(item.ItemCode);
  const taxCode = given(item.TaxType);
  return {
    description: (given(item.Description) ?? code ?? 'Without description').slice(0, 4000),
    ...priced(item, currency, money),
    ...(account === undefined ? {} : { account }),
    ...(code === undefined ? {} : { item: code }),
    ...(taxCode === undefined ? {} : { taxCode }),
  };
}

/** More lines than the hub keeps become one; the total stands beside it anyway. */
function few(lines: readonly Line[], currency: string, total: Money): Line[] {
  if (lines.length <= MOST_LINES) return [...lines];
  return [{ description: `${lines.length} lines`, quantity: '1', unitPrice: { minor: total.minor, currency } }];
}

function ofSale(sale: Sale, money: MoneyKit): HubDocument {
  const currency = sale.CurrencyCode;
  const total = money.fromMajor(sale.Total, currency);
  const number = given(sale.number);
  const name = given(sale.Contact?.Name);
  const contactId = given(sale.Contact?.ContactID);
  return {
    kind: sale.kind,
    externalId: sale.id,
    revision: { at: sale.UpdatedDateUTC },
    ...(number === undefined ? {} : { number }),
    ...readReference(given(sale.Reference) ?? number ?? sale.id),
    ...(name === undefined ? {} : { contact: { name, ...(contactId === undefined ? {} : { externalId: contactId }) } }),
    day: dayOf(sale.Date),
    ...(sale.DueDate ? { dueDay: dayOf(sale.DueDate) } : {}),
    currency,
    pricesIncludeTax: sale.LineAmountTypes === 'Inclusive',
    lines: few(
      sale.LineItems.map((item) => line(item, currency, money)),
      currency,
      total,
    ),
    total,
    status: sale.Status,
  };
}

/** Debits positive, credits negative, as the lines say; it has no total of its own. */
function ofJournal(journal: ManualJournal, currency: string, money: MoneyKit): HubDocument {
  const narration = given(journal.Narration) ?? journal.id;
  const lines = journal.JournalLines.map((entry): Line => {
    const account = given(entry.AccountCode);
    const taxCode = given(entry.TaxType);
    return {
      description: given(entry.Description) ?? narration,
      quantity: '1',
      unitPrice: money.fromMajor(entry.LineAmount, currency),
      ...(account === undefined ? {} : { account }),
      ...(taxCode === undefined ? {} : { taxCode }),
    };
  });
  return {
    kind: 'JOURNAL',
    externalId: journal.id,
    revision: { at: journal.UpdatedDateUTC },
    reference: (readNarration(narration) ?? narration).slice(0, 1000),
    day: dayOf(journal.Date),
    currency,
    pricesIncludeTax: journal.LineAmountTypes === 'Inclusive',
    lines: few(lines, currency, { minor: 0, currency }),
    status: journal.Status,
  };
}

/** Bills and credits of suppliers are nothing to the hub. */
const isOurs = (entry: Entry): boolean => entry.kind === 'JOURNAL' || entry.Type === 'ACCREC' || entry.Type === 'ACCRECCREDIT';

/** `currency`: the organisation's own, which journals are in. */
export const documentFacts = (entries: readonly Entry[], currency: string, money: MoneyKit): Fact[] =>
  entries.filter(isOurs).map((entry) => ({
    kind: 'document',
    document: entry.kind === 'JOURNAL' ? ofJournal(entry, currency, money) : ofSale(entry, money),
  }));
