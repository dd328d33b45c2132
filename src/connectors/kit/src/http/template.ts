/** What templates may be filled with. */
export interface TemplateValues {
  readonly version: string;
  /** Of the connection and its App. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly facts: Readonly<Record<string, string>>;
  readonly credential: Readonly<Record<string, string>>;
  readonly account?: string | undefined;
  readonly location?: string | undefined;
}

type Group = 'settings' | 'secrets' | 'facts' | 'credential';

export const TEMPLATE_NAME = /\{(version|account|location|(settings|secrets|facts|credential)\.([A-Za-z0-9_]+))\}/g;

/** Fills `{version}`, `{account}`, `{location}`, `{settings.x}`, `{secrets.x}`, `{facts.x}` and `{credential.x}`. Undefined where one of them has no value. */
export function fillTemplate(template: string, values: TemplateValues): string | undefined {
  let missing = false;
  const filled = template.replace(TEMPLATE_NAME, (_all, name: string, group?: Group, key?: string) => {
    const value =
      group !== undefined && key !== undefined
        ? Object.hasOwn(values[group], key)
          ? values[group][key]
          : undefined
        : values[name as 'version' | 'account' | 'location'];
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    missing = true;
    return '';
  });
  return missing ? undefined : filled;
}
