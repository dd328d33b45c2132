import { CallError, exactNumber, type HubDocument, type Journal, type JsonBody, type Money } from '@valehub/connector-kit';
import { narrationOf, referenceOf } from './marks.ts';
import type { XeroCtx } from './settings.ts';

type Line = HubDocument['lines'][number];

const wrong = (path: string, message: string): CallError => new CallError({ code: 'BAD_INPUT', path, message });

/** What a line may name instead of an account's code, so that whoever writes it need not know this organisation's chart of accounts. */
const NAMED = { SALES: 'salesAccount', DISCOUNT: 'discountAccount', VOUCHER_LIABILITY: 'liabilityAccount' } as const;

function accountCode({ settings }: XeroCtx, account: string, path: string): string {
  const setting = Object.hasOwn(NAMED, account) ? NAMED[account as keyof typeof NAMED] : undefined;
  if (setting === undefined) return account;
  const code = settings[setting];
  if (code === undefined) throw wrong(path, `The setting ${setting} does not say which account ${account} is.`);
  return code;
}

/** Xero makes a contact of a name that it does not know. Any other member would overwrite what it knows, so none is sent. */
function contactOf({ settings }: XeroCtx, { contact }: HubDocument): JsonBody {
  if (contact?.externalId !== undefined) return { ContactID: contact.externalId };
  const name = (contact?.name ?? settings.contactName).replace(/[<>]/g, ' ').replace(/\s+/g, ' ').trim();
  if (name === '') throw wrong('contact.name', 'Xero takes no contact whose name is made of brackets and spaces.');
  if (name.length > 255) throw wrong('contact.name', 'Xero takes names of 255 characters.');
  return { Name: name };
}

interface Priced {
  readonly quantity: string;
  readonly unitPrice: Money;
  readonly discount?: Money;
}

/** Only sales invoices know discounts; a credit note's line is one unit at what is left. */
function pricedFor(ctx: XeroCtx, kind: HubDocument['kind'], { quantity, unitPrice, discount }: Line): Priced {
  if (discount === undefined || discount.minor === 0) return { quantity, unitPrice };
  if (kind === 'INVOICE') return { quantity, unitPrice, discount };
  const { minor, currency } = ctx.money.times(unitPrice, quantity);
  return { quantity: '1', unitPrice: { minor: minor - discount.minor, currency } };
}

function lineItem(ctx: XeroCtx, line: Line, { quantity, unitPrice, discount }: Priced, account: string | undefined): JsonBody {
  return {
    Description: line.description,
    Quantity: exactNumber(quantity),
    UnitAmount: ctx.money.number(unitPrice),
    DiscountAmount: discount && ctx.money.number(discount),
    AccountCode: account,
    ItemCode: line.item,
    TaxType: line.taxCode,
  };
}

/** With an account for discounts the discount is a line of its own, negative and taxed as what it is given on; else it stands on its line. */
function lineItems(ctx: XeroCtx, { kind, lines }: HubDocument): { readonly items: JsonBody[]; readonly discounts: JsonBody[] } {
  const { discountAccount, salesAccount } = ctx.settings;
  const split = lines.map((line, index) => {
    const account = line.account === undefined ? salesAccount : accountCode(ctx, line.account, `lines.${index}.account`);
    const { discount } = line;
    if (discountAccount === undefined || discount === undefined || discount.minor === 0)
      return { item: lineItem(ctx, line, pricedFor(ctx, kind, line), account), discounts: [] };
    const { quantity, unitPrice, item: _item, ...rest } = line;
    const off: Priced = { quantity: '1', unitPrice: { minor: -discount.minor, currency: discount.currency } };
    const words = { ...rest, quantity, unitPrice, description: `Discount: ${line.description}`.slice(0, 4000) };
    return { item: lineItem(ctx, line, { quantity, unitPrice }, account), discounts: [lineItem(ctx, words, off, discountAccount)] };
  });
  return { items: split.map(({ item }) => item), discounts: split.flatMap(({ discounts }) => discounts) };
}

const UNKNOWN_KINDS: Partial<Record<HubDocument['kind'], string>> = {
  SALES_RECEIPT: 'Xero has no sales receipts: send an invoice.',
  JOURNAL: 'Journals are posted by journal.post.',
};

const isUntaxed = ({ lines }: HubDocument): boolean => lines.length > 0 && lines.every(({ taxCode }) => taxCode === 'NONE');

/** An invoice or credit note as Xero takes it. Throws `CallError` where the document cannot be one. */
export function saleDraft(ctx: XeroCtx, document: HubDocument): JsonBody {
  const unknown = UNKNOWN_KINDS[document.kind];
  if (unknown !== undefined) throw new CallError({ code: 'NOT_SUPPORTED', path: 'kind', message: unknown });
  const other = document.lines.findIndex(({ unitPrice, discount }) =>
    [unitPrice, discount].some((of) => of && of.currency !== document.currency),
  );
  if (other >= 0) throw wrong(`lines.${other}`, `The document is in ${document.currency}, and so are all its lines.`);
  const { items, discounts } = lineItems(ctx, document);
  const isInvoice = document.kind === 'INVOICE';
  return {
    Type: isInvoice ? 'ACCREC' : 'ACCRECCREDIT',
    Contact: contactOf(ctx, document),
    [isInvoice ? 'InvoiceNumber' : 'CreditNoteNumber']: document.number,
    Reference: referenceOf(document),
    Date: document.day,
    // An invoice is approved with a due date only.
    DueDate: isInvoice ? (document.dueDay ?? document.day) : undefined,
    CurrencyCode: document.currency,
    LineAmountTypes: isUntaxed(document) ? 'NoTax' : document.pricesIncludeTax ? 'Inclusive' : 'Exclusive',
    // Discounts after all others, so that Xero's complaints about a line tell the hub's own line by its place.
    LineItems: [...items, ...discounts],
    Status: ctx.settings.postAs,
  };
}

/** A manual journal as Xero takes it. Its amounts hold their tax, so that what balances here balances there. */
export function journalDraft(ctx: XeroCtx, journal: Journal, currency: string): JsonBody {
  if (journal.currency !== currency)
    throw wrong('currency', `Xero keeps manual journals in the organisation's own currency, which is ${currency}.`);
  const isTaxed = journal.lines.some(({ taxCode }) => taxCode !== undefined);
  return {
    Narration: narrationOf(journal),
    Date: journal.day,
    LineAmountTypes: isTaxed ? 'Inclusive' : 'NoTax',
    JournalLines: journal.lines.map(({ account, description, amount, taxCode }, index) => ({
      AccountCode: accountCode(ctx, account, `lines.${index}.account`),
      Description: description,
      LineAmount: ctx.money.number(amount),
      TaxType: isTaxed ? (taxCode ?? 'NONE') : undefined,
    })),
    Status: ctx.settings.postAs === 'AUTHORISED' ? 'POSTED' : 'DRAFT',
  };
}
