/* The settings of pip that say where packages are. Settings of a virtual environment do not count, because it may be in the project. */
import {
  isPipSwitchOn,
  pipIndexes,
  pipLayers,
  pipOption,
  clientContext,
  type Variables,
} from '@tarwarden/settings';

export const PYPI = 'https://pypi.org/simple/';

export interface PipConfig {
  readonly index: string;
  readonly extra: readonly string[];
  readonly noIndex: boolean;
  readonly proxy: string | undefined;
  readonly cert: string | undefined;
}

/** @throws TarwardenError if a file exists and cannot be read, or pip ends because of it. */
export function pipConfig(env: Variables): PipConfig {
  const layers = pipLayers(clientContext({ folder: '.', env }));
  const get = (name: string): string | undefined => pipOption(layers, 'install', name) || undefined;
  const { index = PYPI, extra } = pipIndexes(layers);
  return {
    index,
    extra,
    noIndex: isPipSwitchOn(get('no-index') ?? ''),
    proxy: get('proxy'),
    cert: get('cert') ?? env['REQUESTS_CA_BUNDLE'] ?? env['CURL_CA_BUNDLE'],
  };
}
