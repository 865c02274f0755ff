/*
 * The settings of pip: which indexes are asked for a package, and which credentials they get. Settings of a virtual environment do not
 * count, because it may be in the project.
 */
import { withoutTrailing } from '@tarwarden/core/text';
import type { LockedIndex } from '@tarwarden/clients/lockfiles';
import {
  clientContext,
  isPipSwitchOn,
  pipIndexes,
  pipLayers,
  pipOption,
  type Variables,
} from '@tarwarden/clients/settings';
import type { NotInspectedReason } from '../../result.ts';
import { noBytes } from '../../archives.ts';
import { netrcFor, userFor, usersByOrigin } from '../authorization.ts';

const PYPI = 'https://pypi.org/simple/';

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

/** Hosts at which PyPI has its files. */
const PUBLIC_HOSTS = ['pypi.org', 'files.pythonhosted.org'];

type Indexes = { readonly urls: readonly string[] } | { readonly error: NotInspectedReason };

/**
 * As in pip, an index of a requirements file replaces the configured one, and extra indexes are added. If one index cannot be asked, that
 * is an error: the package may be meant to come from it, and another index must not answer in its place.
 */
export function indexesFor(
  lockedIndexes: readonly LockedIndex[],
  { index, extra, noIndex }: PipConfig,
): Indexes {
  if (noIndex) return { error: NO_INDEX };
  const replacing = lockedIndexes.filter((index) => !index.extra).map(({ url }) => url);
  const urls = [
    ...(replacing.length === 0 ? [index] : replacing),
    ...lockedIndexes.filter((index) => index.extra).map(({ url }) => url),
    ...extra,
  ];
  const spellings = [...new Set(urls)].map((url) => ownSpelling(url, [index, ...extra]));
  return spellings.every((url) => url !== undefined)
    ? { urls: spellings }
    : { error: UNKNOWN_INDEX };
}

const NO_INDEX = noBytes('pip is configured to ask no index (no-index)');
const UNKNOWN_INDEX = noBytes(
  'the requirements file names an index with a variable in it, or one that is not an http address',
  'name that index in your own pip.conf, or by PIP_INDEX_URL or PIP_EXTRA_INDEX_URL',
);

/**
 * A variable in the address of an index would send a secret of the environment to any host. If the user's settings have the same index,
 * their spelling is taken. Undefined for an index that cannot be asked.
 */
function ownSpelling(url: string, ownUrls: readonly string[]): string | undefined {
  const bare = /^https?:\/\/(?:[^/@]*@)?([^/@?#]+)(\/[^?#]*)?$/i.exec(url);
  if (bare === null) return undefined;
  if (!url.includes('${')) return URL.canParse(url) ? url : undefined;
  const [, host = '', path = '/'] = bare;
  return ownUrls.find((ownUrl) => {
    if (!URL.canParse(ownUrl)) return false;
    const configured = new URL(ownUrl);
    return configured.host === host.toLowerCase() && trimmed(configured.pathname) === trimmed(path);
  });
}

function trimmed(path: string): string {
  return `${withoutTrailing(path, '/')}/`;
}

/** The user's credentials by origin, and those in an address that a lockfile names. */
export class PipCredentials {
  readonly #users: ReadonlyMap<string, string>;
  readonly #hosts: ReadonlySet<string>;
  readonly #env: Variables;

  constructor({ index, extra }: PipConfig, env: Variables) {
    const configured = [index, ...extra];
    this.#users = usersByOrigin(configured);
    this.#hosts = new Set([
      ...PUBLIC_HOSTS,
      ...[PYPI, ...configured].filter((url) => URL.canParse(url)).map((url) => new URL(url).host),
    ]);
    this.#env = env;
  }

  knowsHost({ host }: URL): boolean {
    return this.#hosts.has(host);
  }

  /** @param requested The address before redirects. A user in it is sent to its own origin. */
  authorizationFor(to: URL, requested: string): string | undefined {
    return userFor(to, new URL(requested)) ?? this.#users.get(to.origin) ?? netrcFor(to, this.#env);
  }
}
