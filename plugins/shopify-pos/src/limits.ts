/** So many codes Shopify takes at once. */
export const CODES_PER_CALL = 250;
/** And so many items in one list. */
export const ITEMS_PER_LIST = 250;
