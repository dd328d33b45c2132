/**
 * The text without e-mail addresses. Platforms and mail servers repeat them in what they tell, and what they tell goes into failures,
 * logs and reports.
 */
export const withoutAddresses = (text: string): string => text.replace(/[^\s<>"'(),;:[\]]+@[^\s<>"'(),;:[\]]+/g, '[address]');
