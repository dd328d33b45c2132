/** A dinner in Sevilla, written to the accounts: two menus, a voucher of 10 %, and its journal. Invented for these tests. */
export const TENANT_ID = '11111111-1111-4111-8111-111111111111';
export const INVOICE_ID = '00000000-0000-4000-8000-0000000000a1';
export const CREDIT_ID = '00000000-0000-4000-8000-0000000000c1';
export const JOURNAL_ID = '00000000-0000-4000-8000-0000000000d1';
export const CONTACT_ID = '00000000-0000-4000-8000-0000000000e1';

export const SCOPE = 'offline_access accounting.invoices accounting.manualjournals accounting.contacts accounting.settings.read';

export const eur = (minor: number) => ({ minor, currency: 'EUR' });

export const document = {
  kind: 'INVOICE',
  reference: 'VH-000123',
  code: 'DV4711',
  contact: { name: 'Ana Ruiz' },
  day: '2026-03-06',
  currency: 'EUR',
  pricesIncludeTax: true,
  lines: [{ description: 'Menu', quantity: '2', unitPrice: eur(1250), discount: eur(250), account: '200', taxCode: 'OUTPUT' }],
} as const;

export const creditNote = {
  ...document,
  kind: 'CREDIT_NOTE',
  reference: 'VH-000124',
  lines: [{ description: 'Menu, returned', quantity: '1', unitPrice: eur(1250), discount: eur(125), account: '200' }],
} as const;

export const journal = {
  reference: 'VH-J-2026-03-06',
  narration: 'Vouchers of 6 March 2026',
  day: '2026-03-06',
  currency: 'EUR',
  lines: [
    { account: '835', description: 'Vouchers used', amount: eur(250) },
    { account: '200', description: 'Sales by voucher', amount: eur(-250) },
  ],
} as const;

/** As Xero shows them. */
export const invoice = {
  Type: 'ACCREC',
  InvoiceID: INVOICE_ID,
  InvoiceNumber: 'INV-0001',
  Reference: 'VH-000123 / DV4711',
  Contact: { ContactID: CONTACT_ID, Name: 'Ana Ruiz', Addresses: [], HasValidationErrors: false },
  DateString: '2026-03-06T00:00:00',
  Date: '/Date(1772755200000+0000)/',
  DueDate: '/Date(1772755200000+0000)/',
  Status: 'AUTHORISED',
  LineAmountTypes: 'Inclusive',
  LineItems: [
    {
      Description: 'Menu',
      Quantity: 2.0,
      UnitAmount: 12.5,
      DiscountAmount: 2.5,
      LineAmount: 22.5,
      AccountCode: '200',
      TaxType: 'OUTPUT',
      Tracking: [],
    },
  ],
  SubTotal: 20.45,
  TotalTax: 2.05,
  Total: 22.5,
  CurrencyCode: 'EUR',
  UpdatedDateUTC: '/Date(1772827200123+0000)/',
};

export const creditNoteEntry = {
  Type: 'ACCRECCREDIT',
  CreditNoteID: CREDIT_ID,
  CreditNoteNumber: 'CN-0001',
  Reference: 'VH-000124 / DV4711',
  Contact: { ContactID: CONTACT_ID, Name: 'Ana Ruiz' },
  Date: '/Date(1772841600000+0000)/',
  Status: 'AUTHORISED',
  LineAmountTypes: 'Inclusive',
  LineItems: [{ Description: 'Menu, returned', Quantity: 1, UnitAmount: 11.25, LineAmount: 11.25, AccountCode: '200' }],
  Total: 11.25,
  CurrencyCode: 'EUR',
  UpdatedDateUTC: '/Date(1772913600000+0000)/',
};

export const journalEntry = {
  ManualJournalID: JOURNAL_ID,
  Narration: 'Vouchers of 6 March 2026 [VH-J-2026-03-06]',
  Date: '/Date(1772755200000+0000)/',
  Status: 'POSTED',
  LineAmountTypes: 'NoTax',
  UpdatedDateUTC: '/Date(1772827200000+0000)/',
  JournalLines: [
    { LineAmount: 2.5, AccountCode: '835', Description: 'Vouchers used', Tracking: [] },
    { LineAmount: -2.5, AccountCode: '200', Description: 'Sales by voucher', Tracking: [] },
  ],
};

export const contact = {
  ContactID: CONTACT_ID,
  Name: 'Ana Ruiz',
  EmailAddress: 'ana@example.com',
  ContactStatus: 'ACTIVE',
  Phones: [
    { PhoneType: 'DEFAULT', PhoneNumber: '', PhoneAreaCode: '', PhoneCountryCode: '' },
    { PhoneType: 'MOBILE', PhoneNumber: '55 01 23', PhoneAreaCode: '600', PhoneCountryCode: '34' },
  ],
  ContactGroups: [{ Name: 'Regulars' }],
  UpdatedDateUTC: '/Date(1772827200000+0000)/',
};

export const page = { page: 1, pageSize: 100, pageCount: 1, itemCount: 1 };
export const envelope = { Id: 'id-1', Status: 'OK', ProviderName: 'Valehub', DateTimeUTC: '/Date(1772827200500)/' };

export const event = (category: string, type: string, id: string, tenant = TENANT_ID) => ({
  resourceUrl: `https://api.xero.com/api.xro/2.0/${category}/${id}`,
  resourceId: id,
  eventDateUtc: '2026-03-06T20:15:00.902',
  eventType: type,
  eventCategory: category,
  tenantId: tenant,
  tenantType: 'ORGANISATION',
});

export const body = (...events: readonly ReturnType<typeof event>[]) => ({
  events,
  firstEventSequence: 1,
  lastEventSequence: Math.max(1, events.length),
  entropy: 'S0METEXT',
});
