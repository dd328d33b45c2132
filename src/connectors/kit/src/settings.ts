import { z } from 'zod';

/** A setting that plugin code never sees: it can only be named in templates (`{secrets.accessToken}`) and as a verification key. */
export type Secret = string & z.core.$brand<'secret'>;

/** Declares a secret setting. `title` and `description` are shown in the form. */
export function secret(words: { readonly title: string; readonly description?: string }) {
  return z
    .string()
    .trim()
    .min(1)
    .max(8192)
    .brand<'secret'>()
    .meta({ ...words, secret: true });
}

const pem = /^\s*(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;

/** What every connection has, whatever its platform. The kit adds it; a connector that declares one of these names itself is refused at boot. */
export const kitSettingsShape = {
  environment: z
    .enum(['production', 'sandbox'])
    .default('production')
    .meta({ title: 'Environment', description: 'Which of the environments of the platform the credentials belong to.' }),
  apiBaseUrl: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional()
    .meta({
      title: 'API base address',
      description: 'Takes the place of the origin of every address of the platform, its own path in front; for proxies and tests.',
    }),
  locations: z
    .record(z.string().min(1).max(255), z.string().min(1).max(255))
    .default({})
    .meta({ title: 'Locations', description: "Which store each of the platform's locations is: { platform's location: store id }." }),
  tlsCa: z
    .string()
    .max(100_000)
    .regex(pem, 'certificates in PEM')
    .optional()
    .meta({ title: 'Certificate authority', description: 'PEM, for hosts that you run yourself.' }),
} as const;

export type KitSettings = z.output<z.ZodObject<typeof kitSettingsShape>>;

type Hidden<S, K extends keyof S> = NonNullable<S[K]> extends Secret ? never : K;

/** The settings as plugin code reads them: its own and the kit's, without the secrets. */
export type Readable<S extends z.ZodObject> = {
  readonly [K in keyof z.output<S> as Hidden<z.output<S>, K>]: z.output<S>[K];
} & Readonly<KitSettings>;

interface Meta {
  readonly secret?: boolean;
}

/** Follows optional, default and the like to what carries the mark. */
function isSecretField(field: z.core.$ZodType): boolean {
  let at: z.core.$ZodType | undefined = field;
  while (at) {
    if ((z.globalRegistry.get(at) as Meta | undefined)?.secret === true) return true;
    at = (at._zod.def as { readonly innerType?: z.core.$ZodType }).innerType;
  }
  return false;
}

/** The names of the secret settings. */
export const secretNames = (settings: z.ZodObject): readonly string[] =>
  Object.keys(settings.shape).filter((name) => isSecretField(settings.shape[name] as z.core.$ZodType));

interface Declared {
  readonly settings: z.ZodObject;
  readonly app?: z.ZodObject;
}

/** The plugin's settings with the kit's and, optional as an App may give them, those of the developer app. */
const fullSettings = ({ settings, app }: Declared): z.ZodObject =>
  z.strictObject({ ...(app ? app.partial().shape : {}), ...settings.shape, ...kitSettingsShape });

/** All secrets of a connector by name, wherever they are entered. */
export const allSecretNames = ({ settings, app }: Declared): readonly string[] => [
  ...new Set([...secretNames(settings), ...(app ? secretNames(app) : [])]),
];

/** JSON Schema 2020-12 of all settings of a connector; secrets are `writeOnly`. Draws the form and the docs. */
export const settingsSchema = (connector: Declared): Record<string, unknown> => jsonSchemaOf(fullSettings(connector));

/** The same of what is entered once for an App; null where the platform has none. */
export const appSchema = ({ app }: Declared): Record<string, unknown> | null =>
  app
    ? jsonSchemaOf(z.strictObject({ ...app.shape, environment: kitSettingsShape.environment, apiBaseUrl: kitSettingsShape.apiBaseUrl }))
    : null;

function jsonSchemaOf(schema: z.ZodObject): Record<string, unknown> {
  return z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema['secret'] !== true) return;
      delete jsonSchema['secret'];
      jsonSchema.writeOnly = true;
    },
  }) as Record<string, unknown>;
}

export interface ParsedSettings {
  /** With defaults filled in and without secrets: what may be shown, and what plugin code reads. */
  readonly settings: Readonly<Record<string, unknown>> & Readonly<KitSettings>;
  /** To be encrypted; never shown. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface SettingsFault {
  /** From the settings on: `locations.L1`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

function faultsOf(issue: z.core.$ZodIssue): SettingsFault[] {
  const at = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') return [{ path: at.join('.'), message: issue.message }];
  return issue.keys.map((key) => ({ path: [...at, key].join('.'), message: 'There is no such setting.' }));
}

export type SettingsResult =
  | { readonly ok: true; readonly parsed: ParsedSettings }
  | { readonly ok: false; readonly faults: readonly SettingsFault[] };

/** Parses what a person has entered. Null counts as left out. No message repeats a value. */
export const parseSettings = (connector: Declared, input: unknown): SettingsResult =>
  parseBy(fullSettings(connector), new Set(allSecretNames(connector)), input);

/** Parses what a person has entered for an App. */
export const parseAppSettings = (app: z.ZodObject, input: unknown): SettingsResult =>
  parseBy(
    z.strictObject({ ...app.shape, environment: kitSettingsShape.environment, apiBaseUrl: kitSettingsShape.apiBaseUrl }),
    new Set(secretNames(app)),
    input,
  );

/** The names of the App's members that a connection without one has not given. */
export const missingOfApp = ({ app }: Declared, { settings, secrets }: ParsedSettings): readonly string[] =>
  app
    ? Object.keys(app.shape).filter(
        (name) =>
          !(app.shape[name] as z.ZodType).safeParse(undefined).success && settings[name] === undefined && secrets[name] === undefined,
      )
    : [];

function parseBy(schema: z.ZodObject, hidden: ReadonlySet<string>, input: unknown): SettingsResult {
  const given =
    typeof input === 'object' && input !== null && !Array.isArray(input)
      ? Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
      : input;
  const result = schema.safeParse(given);
  if (!result.success) {
    return { ok: false, faults: result.error.issues.flatMap(faultsOf) };
  }
  const entries = Object.entries(result.data);
  return {
    ok: true,
    parsed: {
      settings: Object.fromEntries(entries.filter(([name]) => !hidden.has(name))) as ParsedSettings['settings'],
      secrets: Object.fromEntries(entries.filter(([name]) => hidden.has(name)).map(([name, value]) => [name, String(value)])),
    },
  };
}
