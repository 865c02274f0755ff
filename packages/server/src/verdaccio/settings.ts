/* The settings under `middlewares: tarwarden:` in verdaccio's configuration. */
import { isRecord } from '@tarwarden/core/metadata';

/** Levels of the log. */
const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'];

export interface PluginSettings {
  readonly hideRefused: boolean;
  readonly logLevel: string;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * @param config The whole configuration. The part that verdaccio passes to a plugin is mixed with other settings.
 * @throws Error for unknown settings and for those that send clients elsewhere.
 */
export function settingsIn(config: unknown): PluginSettings {
  for (const place of [config, fieldsOf(config)['experiments'], fieldsOf(config)['flags']])
    if (fieldsOf(place)['tarball_url_redirect'] !== undefined)
      throw new Error('tarball_url_redirect sends clients past the guard: take it out');
  const given = fieldsOf(fieldsOf(config)['middlewares'])['tarwarden'];
  if (given !== undefined && given !== null && !isRecord(given))
    throw new Error('middlewares: tarwarden: must be a list of settings');
  const { hide_refused: hide = false, log_level: level = 'info', ...others } = fieldsOf(given);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new Error(`middlewares: tarwarden: has no setting ${JSON.stringify(unknown)}`);
  if (typeof hide !== 'boolean')
    throw new Error('middlewares: tarwarden: hide_refused is true or false');
  if (typeof level !== 'string' || !LEVELS.includes(level))
    throw new Error(`middlewares: tarwarden: log_level is one of ${LEVELS.join(', ')}`);
  return { hideRefused: hide, logLevel: level };
}

export function fieldsOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}
