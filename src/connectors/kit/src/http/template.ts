/** What templates may be filled with. */
export interface TemplateValues {
  readonly version: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly facts: Readonly<Record<string, string>>;
}

export const TEMPLATE_NAME = /\{(version|(settings|secrets|facts)\.([A-Za-z0-9_]+))\}/g;

/** Fills `{version}`, `{settings.x}`, `{secrets.x}` and `{facts.x}`. Undefined where one of them has no value. */
export function fillTemplate(template: string, values: TemplateValues): string | undefined {
  let missing = false;
  const filled = template.replace(TEMPLATE_NAME, (_all, name: string, group?: 'settings' | 'secrets' | 'facts', key?: string) => {
    if (name === 'version') return values.version;
    const value = group && key !== undefined && Object.hasOwn(values[group], key) ? values[group][key] : undefined;
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    missing = true;
    return '';
  });
  return missing ? undefined : filled;
}
