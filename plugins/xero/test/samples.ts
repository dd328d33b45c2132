import type { ConnectorSamples, DeliverySample, StandInReply } from '@valehub/connector-kit/testing';
import {
  body,
  CONTACT_ID,
  CREDIT_ID,
  contact,
  creditNote,
  creditNoteEntry,
  document,
  envelope,
  event,
  INVOICE_ID,
  invoice,
  JOURNAL_ID,
  journal,
  journalEntry,
  page,
  SCOPE,
  TENANT_ID,
} from './fixtures.ts';

const API = '/api.xro/2.0';
const invoices: StandInReply = { method: 'GET', path: `${API}/Invoices`, body: { ...envelope, pagination: page, Invoices: [invoice] } };
const creditNotes: StandInReply = {
  method: 'GET',
  path: `${API}/CreditNotes`,
  body: { ...envelope, pagination: page, CreditNotes: [creditNoteEntry] },
};
const journals: StandInReply = {
  method: 'GET',
  path: `${API}/ManualJournals`,
  body: { ...envelope, pagination: page, ManualJournals: [journalEntry] },
};
const token = {
  access_token: 'access-of-the-sample',
  refresh_token: 'refresh-of-the-sample',
  expires_in: 1800,
  token_type: 'Bearer',
  scope: SCOPE,
};

const oneInvoice = [{ path: `${API}/Invoices/${INVOICE_ID}`, body: { ...envelope, Invoices: [invoice] } }];
const oneCreditNote = [{ path: `${API}/CreditNotes/${CREDIT_ID}`, body: { ...envelope, CreditNotes: [creditNoteEntry] } }];
const oneContact = [{ path: `${API}/Contacts`, body: { ...envelope, Contacts: [contact] } }];

const told = (category: string, id: string, replies: readonly StandInReply[], kind: DeliverySample['facts'][number]): DeliverySample[] =>
  ['CREATE', 'UPDATE'].map((type) => ({
    topic: `${category}.${type}`,
    body: body(event(category, type, id)),
    notices: 1,
    replies,
    facts: [kind],
  }));

export const samples: ConnectorSamples = {
  settings: {
    clientId: 'client-1',
    clientSecret: 'secret-of-the-app-1',
    salesAccount: '200',
    discountAccount: '210',
    liabilityAccount: '835',
  },
  facts: { baseCurrency: 'EUR', shortCode: '!x1y2z', scopes: SCOPE },
  identify: {
    replies: [
      { path: '/connections', body: [{ id: 'c-1', tenantId: TENANT_ID, tenantType: 'ORGANISATION', tenantName: 'Casa Pepa SL' }] },
      {
        path: `${API}/Organisation`,
        body: {
          Organisations: [{ OrganisationID: TENANT_ID, Name: 'Casa Pepa SL', BaseCurrency: 'EUR', CountryCode: 'ES', ShortCode: '!x1y2z' }],
        },
      },
    ],
    account: TENANT_ID,
  },
  auth: {
    callback: {
      query: { code: 'code-1', scope: SCOPE, session_state: 'x' },
      replies: [{ method: 'POST', path: '/connect/token', body: token }],
      facts: { scopes: SCOPE },
    },
    obtain: { replies: [{ method: 'POST', path: '/connect/token', body: token }], token: 'access-of-the-sample' },
  },
  choices: [
    {
      name: 'accounts',
      replies: [
        {
          path: `${API}/Accounts`,
          body: {
            Accounts: [
              { Code: '200', Name: 'Sales', Status: 'ACTIVE' },
              { Code: '205', Name: 'Old sales', Status: 'ARCHIVED' },
              { Name: 'Bank', Status: 'ACTIVE' },
            ],
          },
        },
      ],
      values: ['200'],
    },
    {
      name: 'tenants',
      replies: [
        {
          path: '/connections',
          body: [
            { tenantId: TENANT_ID, tenantType: 'ORGANISATION', tenantName: 'Casa Pepa SL' },
            { tenantId: 'p-1', tenantType: 'PRACTICE', tenantName: 'Asesoría' },
          ],
        },
      ],
      values: [TENANT_ID],
    },
  ],
  deliveries: [
    ...told('INVOICE', INVOICE_ID, oneInvoice, 'document'),
    ...told('CREDITNOTE', CREDIT_ID, oneCreditNote, 'document'),
    ...told('CONTACT', CONTACT_ID, oneContact, 'customer'),
  ],
  feeds: [
    {
      feed: 'documents',
      at: { cursor: JSON.stringify({ since: '2026-03-06T00:00:00.000Z', kind: 'INVOICE', page: 1 }) },
      replies: [
        { ...invoices, body: { ...envelope, pagination: { ...page, pageCount: 2 }, Invoices: [invoice] } },
        {
          ...invoices,
          body: { ...envelope, pagination: { ...page, page: 2, pageCount: 2 }, Invoices: [{ ...invoice, InvoiceID: 'i-2' }] },
        },
        creditNotes,
        journals,
      ],
      facts: ['document', 'document', 'document', 'document'],
      first: { replies: [], cursor: JSON.stringify({ since: '2026-03-06T19:30:00.000Z', kind: 'INVOICE', page: 1 }) },
    },
  ],
  fetches: [
    { resource: 'document', ids: [INVOICE_ID], replies: [invoices], facts: ['document'] },
    {
      resource: 'document',
      ids: [CREDIT_ID, JOURNAL_ID],
      replies: [
        { path: `${API}/Invoices`, body: { ...envelope, Invoices: [] } },
        ...oneCreditNote,
        { path: `${API}/ManualJournals/${JOURNAL_ID}`, body: { ...envelope, ManualJournals: [journalEntry] } },
      ],
      facts: ['document', 'document'],
    },
    { resource: 'customer', ids: [CONTACT_ID], replies: oneContact, facts: ['customer'] },
  ],
  verbs: [
    {
      verb: 'documents.post',
      inputs: [document, creditNote],
      replies: [
        {
          method: 'PUT',
          path: `${API}/Invoices`,
          body: { ...envelope, Invoices: [{ InvoiceID: INVOICE_ID, StatusAttributeString: 'OK' }] },
        },
        {
          method: 'PUT',
          path: `${API}/CreditNotes`,
          body: { ...envelope, CreditNotes: [{ CreditNoteID: CREDIT_ID, StatusAttributeString: 'OK' }] },
        },
      ],
      done: [
        {
          id: INVOICE_ID,
          url: `https://go.xero.com/organisationlogin/default.aspx?shortcode=!x1y2z&redirecturl=${encodeURIComponent(`/AccountsReceivable/View.aspx?InvoiceID=${INVOICE_ID}`)}`,
        },
        { id: CREDIT_ID },
      ],
    },
    {
      verb: 'journal.post',
      inputs: [journal],
      replies: [
        {
          method: 'PUT',
          path: `${API}/ManualJournals`,
          body: { ...envelope, ManualJournals: [{ ManualJournalID: JOURNAL_ID, StatusAttributeString: 'OK' }] },
        },
      ],
      done: [{ id: JOURNAL_ID }],
    },
  ],
};
