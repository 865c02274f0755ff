/* Settings of Bundler and RubyGems: the user's environment, Bundler's configuration and ~/.gemrc. A repository's .bundle/config does not count. */
import { join } from 'node:path';
import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import { TarwardenError } from '@tarwarden/core';
import { printablePath, withoutTrailing } from '@tarwarden/core/text';
import { readSettingsText } from '../../settings/files.ts';
import type { Variables } from '../../settings/settings.ts';
import { basic, usersByOrigin } from '../authorization.ts';
import { homeOf } from '../../settings/home.ts';

export const RUBYGEMS = 'https://rubygems.org/';

export class BundleSettings {
  /** By the key that Bundler makes of a name. */
  readonly #settings: ReadonlyMap<string, string>;
  readonly #users: ReadonlyMap<string, string>;
  /** Sources that the user has. */
  readonly sources: readonly string[];

  /** @throws TarwardenError where a file is there and cannot be read. */
  constructor(env: Variables) {
    const home = homeOf(env);
    const folder = env['BUNDLE_USER_HOME'] ?? join(home, '.bundle');
    const file = env['BUNDLE_USER_CONFIG'] ?? join(folder, 'config');
    const variables = Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[0].startsWith('BUNDLE_') && entry[1] !== undefined,
    );
    this.#settings = new Map([...textsIn(file), ...variables]);
    const gemrc = sourcesIn(env['GEMRC'] ?? join(home, '.gemrc'));
    this.#users = usersByOrigin(gemrc);
    const keys = [...this.#settings.keys()];
    const named = keys.flatMap((key) => URL_KEY.exec(key)?.[1] ?? []).map(spelled);
    const mirrors = keys
      .filter((key) => key.startsWith('BUNDLE_MIRROR__'))
      .map((key) => this.#settings.get(key)!);
    this.sources = [...gemrc, ...named, ...mirrors].filter((one) => URL.canParse(one));
  }

  get(name: string): string | undefined {
    return this.#settings.get(keyOf(name));
  }

  /** Whether the user has something to say of a host: a credential for it. */
  namesHost(host: string): boolean {
    return this.#ofHost(host) !== undefined;
  }

  /** A name without a dot, or under a word of Bundler's, is that of another setting. */
  #ofHost(host: string): string | undefined {
    if (!host.includes('.') || /^(?:mirror|build|local)\./.test(host)) return undefined;
    return this.get(host);
  }

  /** Where a source is asked: the mirror that the user has for it. */
  mirrorOf(source: string): string {
    const at = this.get(`mirror.${source}`) ?? this.get(`mirror.${source.replace(/\/$/, '')}`);
    const all = this.get('mirror.all');
    const mirror = at ?? all;
    return mirror !== undefined && URL.canParse(mirror)
      ? `${withoutTrailing(mirror, '/')}/`
      : source;
  }

  /**
   * The credential for an address: one that the user has for a source there, or for its host. That is without port and protocol, so
   * it goes to https alone: whoever writes a lockfile chooses both.
   */
  authorizationFor(url: URL): string | undefined {
    const own = this.#ofSource(url) ?? this.#users.get(url.origin);
    if (own !== undefined) return own;
    if (url.protocol !== 'https:' || url.port !== '') return undefined;
    const user = this.#ofHost(url.hostname);
    return user === undefined ? undefined : basic(user);
  }

  #ofSource({ origin, pathname }: URL): string | undefined {
    for (
      let path = pathname;
      path !== '';
      path = path.slice(0, path.lastIndexOf('/', path.length - 2) + 1)
    ) {
      const user = this.get(`${origin}${path}`) ?? this.get(`${origin}${path.replace(/\/$/, '')}`);
      if (user !== undefined) return basic(user);
      if (path === '/') return undefined;
    }
    return undefined;
  }
}

/** `BUNDLE_HTTPS://GEMS__EXAMPLE__COM/`: an address as the key of a setting. */
const URL_KEY = /^BUNDLE_(HTTPS?:\/\/.+)$/;

/** Bundler::Settings#key_for. */
function keyOf(name: string): string {
  return `BUNDLE_${name.replaceAll('.', '__').replaceAll('-', '___').toUpperCase()}`;
}

function spelled(key: string): string {
  return key.replaceAll('___', '-').replaceAll('__', '.').toLowerCase();
}

/** A file of Bundler: a mapping of texts. */
function textsIn(path: string): [string, string][] {
  const found = yamlIn(path);
  return Object.entries(found).filter((one): one is [string, string] => typeof one[1] === 'string');
}

function sourcesIn(path: string): string[] {
  const found = yamlIn(path);
  const sources = found[':sources'] ?? found['sources'];
  return Array.isArray(sources)
    ? sources.filter((one): one is string => typeof one === 'string')
    : [];
}

function yamlIn(path: string): Readonly<Record<string, unknown>> {
  const text = readSettingsText(path, { follow: true });
  if (text === undefined) return {};
  try {
    const found = load(text, { schema: FAILSAFE_SCHEMA });
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? { ...found } : {};
  } catch {
    const message = `cannot read ${printablePath(path)} (not valid YAML), so it is not known which sources of gems are configured`;
    throw new TarwardenError('NOT_INSPECTED', message);
  }
}
