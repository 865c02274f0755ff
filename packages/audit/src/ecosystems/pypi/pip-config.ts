/* Settings of pip that say where packages are. Those of a virtual environment, which may lie in the project, do not count. */
import {
  isPipSwitchOn,
  pipLayers,
  pipOption,
  pipWords,
  whereOf,
  type Variables,
} from '@tarwarden/settings';

export const PYPI = 'https://pypi.org/simple/';

export interface PipConfig {
  /** Those of the user, in the order in which they are asked. */
  readonly index: string;
  readonly extra: readonly string[];
  readonly noIndex: boolean;
  readonly proxy: string | undefined;
  readonly cert: string | undefined;
}

/** @throws TarwardenError if a file exists and cannot be read, or pip ends because of it. */
export function pipConfig(env: Variables): PipConfig {
  const layers = pipLayers(whereOf({ folder: '.', env }));
  const get = (name: string): string | undefined => pipOption(layers, 'install', name) || undefined;
  return {
    index: get('index-url') ?? PYPI,
    extra: pipWords(get('extra-index-url') ?? ''),
    noIndex: isPipSwitchOn(get('no-index') ?? ''),
    proxy: get('proxy'),
    cert: get('cert') ?? env['REQUESTS_CA_BUNDLE'] ?? env['CURL_CA_BUNDLE'],
  };
}
