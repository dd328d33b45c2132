/** A dinner in Sevilla as Simphony tells it: dishes with a condiment, ham by weight, a combo, a voucher over all. Invented for these tests. */
export const ORG = 'casapepa';
export const LOCATION = 'sev01/42';

export const check = {
  header: {
    orgShortName: ORG,
    locRef: 'sev01',
    rvcRef: 42,
    checkRef: 'check-1001',
    checkNumber: 1001,
    checkName: 'Mesa 7',
    checkEmployeeRef: 900123,
    orderTypeRef: 1,
    openTime: '2026-03-06T19:02:11Z',
    guestCount: 2,
    informationLines: ['window seat'],
    isTrainingCheck: false,
    status: 'closed',
  },
  menuItems: [
    {
      menuItemId: 2101,
      definitionSequence: 1,
      name: 'Arroz',
      quantity: 2,
      unitPrice: 18,
      total: 36,
      seat: 1,
      itemDiscounts: [],
      condiments: [{ condimentId: 3301, definitionSequence: 1, name: 'Bogavante', quantity: 2, unitPrice: 2, total: 4 }],
    },
    {
      menuItemId: 2205,
      definitionSequence: 1,
      name: 'Jamón',
      quantity: 0.125,
      unitPrice: 120,
      total: 15,
      referenceText: 'finely cut',
      itemDiscounts: [{ discountId: 71, name: 'Regular guest', total: -1 }],
    },
  ],
  comboMeals: [
    {
      comboMealId: 8,
      comboItem: { menuItemId: 2900, definitionSequence: 1, name: 'Menú del día', quantity: 1, unitPrice: 12.5, total: 12.5 },
      mainItem: { menuItemId: 2901, definitionSequence: 1, name: 'Bacalao', quantity: 1, unitPrice: 0, total: 0 },
      sideItems: [{ menuItemId: 2902, definitionSequence: 1, name: 'Gazpacho', quantity: 1, unitPrice: 1.5, total: 1.5 }],
    },
  ],
  discounts: [{ discountId: 80, name: 'Vale', total: -6.8, referenceText: 'DV-4711' }],
  serviceCharges: [
    { serviceChargeId: 50, name: 'Terraza', total: 1.5 },
    { serviceChargeId: 51, name: 'Propina', total: 3 },
  ],
  tenders: [{ tenderId: 201, name: 'Tarjeta', total: 65.7, chargedTipTotal: 3, referenceText: 'terminal 2' }],
  totals: { subtotal: 68, subtotalDiscountTotal: -6.8, serviceChargeTotal: 4.5, taxTotal: 0, paymentTotal: 65.7, totalDue: 0 },
};

/** While the guests still eat. */
export const openCheck = {
  ...check,
  header: { ...check.header, status: 'open' },
  discounts: [],
  serviceCharges: [],
  tenders: [],
  totals: { subtotal: 68, totalDue: 68 },
};

export const message = (id: string, checkRef: string, place: { readonly locRef: string; readonly rvcRef: string }) => ({
  id,
  creationDate: '2026-03-06T19:20:00Z',
  messageType: { id: 'CheckNotification' },
  resource: { orgShortName: ORG, ...place, checkRef },
  data: { status: 'Submitted', timeStampUtc: '2026-03-06T19:20:00Z' },
});
