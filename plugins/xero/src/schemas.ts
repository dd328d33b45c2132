import { exactDecimal, exactId, timeKit, z } from '@valehub/connector-kit';

const text = z.string().nullish();
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);

/** Xero's JSON writes every time as `/Date(1539993600000+0000)/`; a day is its midnight in UTC. */
const slashDate = z
  .string()
  .regex(/^\/Date\(-?\d{1,14}([+-]\d{4})?\)\/$/, 'a time as /Date(...)/')
  .transform(timeKit.slashDate);

const fault = z
  .object({ Message: text, Description: text })
  .transform(({ Message, Description }) => Message ?? Description ?? 'no reason given');
const faults = list(fault);

const lineItem = z.object({
  Description: text,
  Quantity: exactDecimal().nullish(),
  UnitAmount: exactDecimal().nullish(),
  LineAmount: exactDecimal().nullish(),
  ItemCode: text,
  AccountCode: text,
  TaxType: text,
});
export type LineItem = z.output<typeof lineItem>;

const sale = z.object({
  Type: z.string(),
  Reference: text,
  Contact: z.object({ ContactID: exactId().nullish(), Name: text }).nullish(),
  Date: slashDate,
  DueDate: slashDate.nullish(),
  Status: z.string(),
  LineAmountTypes: text,
  CurrencyCode: z.string().regex(/^[A-Z]{3}$/),
  LineItems: list(lineItem),
  Total: exactDecimal(),
  UpdatedDateUTC: slashDate,
});

const invoice = sale
  .extend({ InvoiceID: exactId(), InvoiceNumber: text })
  .transform(({ InvoiceID: id, InvoiceNumber: number, ...rest }) => ({ kind: 'INVOICE' as const, id, number, ...rest }));

const creditNote = sale
  .extend({ CreditNoteID: exactId(), CreditNoteNumber: text })
  .transform(({ CreditNoteID: id, CreditNoteNumber: number, ...rest }) => ({ kind: 'CREDIT_NOTE' as const, id, number, ...rest }));

export type Sale = z.output<typeof invoice> | z.output<typeof creditNote>;

const journal = z
  .object({
    ManualJournalID: exactId(),
    Narration: text,
    Date: slashDate,
    Status: z.string(),
    LineAmountTypes: text,
    JournalLines: list(z.object({ LineAmount: exactDecimal(), AccountCode: text, Description: text, TaxType: text })),
    UpdatedDateUTC: slashDate,
  })
  .transform(({ ManualJournalID: id, ...rest }) => ({ kind: 'JOURNAL' as const, id, ...rest }));
export type ManualJournal = z.output<typeof journal>;

/** What Xero's books hold and the hub reads. */
export type Entry = Sale | ManualJournal;

const paged = {
  /** Xero's own clock. */
  DateTimeUTC: slashDate.nullish(),
  pagination: z.object({ pageCount: z.int() }).nullish(),
};
/** The list is Xero's name for what is in it; here all are `items`. */
export const invoices = z
  .object({ ...paged, Invoices: z.array(invoice) })
  .transform(({ Invoices, ...rest }) => ({ ...rest, items: Invoices }));
export const creditNotes = z
  .object({ ...paged, CreditNotes: z.array(creditNote) })
  .transform(({ CreditNotes, ...rest }) => ({ ...rest, items: CreditNotes }));
export const journals = z
  .object({ ...paged, ManualJournals: z.array(journal) })
  .transform(({ ManualJournals, ...rest }) => ({ ...rest, items: ManualJournals }));

const lineFaults = list(z.object({ ValidationErrors: faults }));
/** An element as a write answers it: made, or refused with its reasons, those of its parts beside its own. */
export const element = z.object({
  InvoiceID: exactId().optional(),
  CreditNoteID: exactId().optional(),
  ManualJournalID: exactId().optional(),
  StatusAttributeString: text,
  HasErrors: z.boolean().nullish(),
  ValidationErrors: faults,
  LineItems: lineFaults,
  JournalLines: lineFaults,
  Contact: z.object({ ValidationErrors: faults }).nullish(),
});
export type Element = z.output<typeof element>;

export const written = z
  .object({ Invoices: z.array(element).optional(), CreditNotes: z.array(element).optional(), ManualJournals: z.array(element).optional() })
  .transform(({ Invoices, CreditNotes, ManualJournals }) => Invoices ?? CreditNotes ?? ManualJournals ?? []);

/** The two forms in which Xero refuses: the accounting API's and, for access, that of its gateway. */
export const refusal = z.object({
  Type: text,
  Message: text,
  Elements: list(element),
  Title: text,
  Detail: text,
});

export const connections = z.array(z.object({ tenantId: exactId(), tenantType: text, tenantName: text }));

export const organisations = z.object({
  Organisations: z
    .array(z.object({ OrganisationID: exactId(), Name: text, BaseCurrency: text, CountryCode: text, ShortCode: text }))
    .min(1),
});

export const accounts = z.object({ Accounts: z.array(z.object({ Code: text, Name: text, Status: text })) });

const phone = z.object({ PhoneNumber: text, PhoneAreaCode: text, PhoneCountryCode: text });
const contact = z.object({
  ContactID: exactId(),
  Name: text,
  EmailAddress: text,
  ContactStatus: text,
  IsSupplier: z.boolean().nullish(),
  IsCustomer: z.boolean().nullish(),
  Phones: list(phone),
  ContactGroups: list(z.object({ Name: text })),
  UpdatedDateUTC: slashDate,
});
export type Contact = z.output<typeof contact>;
export const contacts = z.object({ Contacts: z.array(contact) });

export const delivery = z.object({
  events: z.array(
    z.object({
      resourceId: z.string().min(1).max(255),
      eventDateUtc: z.string().min(1),
      eventType: z.string().min(1),
      eventCategory: z.string().min(1),
      tenantId: z.string().min(1).max(255),
    }),
  ),
});
