import type { Connector } from '@valehub/connector-kit';
import type { ParsedSettings, SettingsFault, SettingsResult } from '@valehub/connector-kit/host';
import { missingOfApp, parseAppSettings, parseSettings } from '@valehub/connector-kit/host';
import { badInput, HubError, type InputFault } from '../../domain/shared/errors.ts';

const isObject = (given: unknown): given is Readonly<Record<string, unknown>> =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

/** What is no object is left to the schema to refuse. */
export function laidOver(own: { readonly settings: object; readonly secrets: object }, given: unknown): unknown {
  return isObject(given) ? { ...own.settings, ...own.secrets, ...given } : given;
}

/** Settings of a connection. `faults`: what else is wrong with the input, told together with theirs. */
export function connectionSettings(
  connector: Connector,
  given: unknown,
  behindApp: boolean,
  faults: readonly InputFault[],
): ParsedSettings {
  const parsed = settled(parseSettings(connector, given), faults);
  if (behindApp) return withoutDefaults(parsed, connector, given);
  const missing = missingOfApp(connector, parsed).map((name) => ({
    path: `input.settings.${name}`,
    message: 'Is needed where no App is named that has it.',
  }));
  const [first, ...others] = missing;
  if (first !== undefined) throw badInput(first, ...others);
  return parsed;
}

/** Settings of an App. */
export function appSettings(app: NonNullable<Connector['app']>, given: unknown, faults: readonly InputFault[]): ParsedSettings {
  return settled(parseAppSettings(app, given), faults);
}

/** A default that was filled in must not hide what the App says. */
function withoutDefaults(parsed: ParsedSettings, { app }: Connector, given: unknown): ParsedSettings {
  const entered = isObject(given) ? given : {};
  const ofApp = new Set([...Object.keys(app?.shape ?? {}), 'environment', 'apiBaseUrl']);
  const stays = ([name]: readonly [string, unknown]): boolean => !ofApp.has(name) || (entered[name] ?? null) !== null;
  return {
    settings: Object.fromEntries(Object.entries(parsed.settings).filter(stays)) as ParsedSettings['settings'],
    secrets: Object.fromEntries(Object.entries(parsed.secrets).filter(stays)),
  };
}

function settled(result: SettingsResult, faults: readonly InputFault[]): ParsedSettings {
  if (result.ok && faults.length === 0) return result.parsed;
  const [first, ...others] = [...faults, ...(result.ok ? [] : result.faults.map(atInput))];
  throw first === undefined ? new HubError('INTERNAL', 'Settings were refused without a reason.') : badInput(first, ...others);
}

const atInput = ({ path, message }: SettingsFault): InputFault => ({
  path: path === '' ? 'input.settings' : `input.settings.${path}`,
  message,
});
