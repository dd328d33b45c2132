/** Texts in which a code may stand: those that say something, as long as the hub takes them. */
export const words = (...values: readonly (string | null | undefined)[]): string[] =>
  values.flatMap((value) => (value?.trim() ? [value.slice(0, 1000)] : []));
