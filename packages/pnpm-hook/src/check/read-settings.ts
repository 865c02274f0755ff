/* The files that pnpm reads settings from, each parsed as its format. A file that cannot be parsed is a problem of its own. */
import { TarwardenError } from '@tarwarden/core';
import { asRecord, readNpmrc, readPnpmYaml, readText } from '@tarwarden/host/settings-files';

export type Settings = Readonly<Record<string, unknown>>;
export type Format = 'yaml' | 'json' | 'ini';
export type Variables = Readonly<Record<string, string | undefined>>;

/** The settings in a file. Empty if the file does not exist. @throws TarwardenError for a file that cannot be read in its format. */
export function readSettings(file: string, format: Format, env: Variables = {}): Settings {
  if (format === 'yaml') return readPnpmYaml(file);
  if (format === 'ini') return readNpmrc(file, env);
  const text = readText(file) ?? '';
  if (text.trim() === '') return {};
  try {
    return asRecord(JSON.parse(text));
  } catch (error) {
    const [line = ''] = (error as Error).message.split('\n');
    throw new TarwardenError('NOT_INSPECTED', `it is not valid JSON: ${line}`, { cause: error });
  }
}
