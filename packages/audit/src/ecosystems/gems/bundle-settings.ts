/* Settings of Bundler and RubyGems: the user's environment, Bundler's configuration and ~/.gemrc. A repository's .bundle/config does not count. */
import {
  bundlerMirror,
  bundlerNames,
  bundlerText,
  bundlerUserLayers,
  gemrcLayer,
  knownValue,
  whereOf,
  type Layer,
  type Variables,
} from '@tarwarden/settings';
import { basic, usersByOrigin } from '../authorization.ts';

export const RUBYGEMS = 'https://rubygems.org/';

export class BundleSettings {
  readonly #layers: readonly Layer[];
  readonly #users: ReadonlyMap<string, string>;
  /** Sources that the user has. */
  readonly sources: readonly string[];

  /** @throws TarwardenError if a file exists and cannot be read, or its client ends because of it. */
  constructor(env: Variables) {
    const where = whereOf({ folder: '.', env });
    this.#layers = bundlerUserLayers(where);
    const listed = knownValue([gemrcLayer(where)], ':sources');
    const gemrc = Array.isArray(listed) ? listed.map(String) : [];
    this.#users = usersByOrigin(gemrc);
    const names = bundlerNames(this.#layers);
    const mirrors = names
      .filter((name) => name.startsWith('mirror.'))
      .map((name) => this.get(name));
    this.sources = [...gemrc, ...names.filter((name) => /^https?:/.test(name)), ...mirrors].filter(
      (url): url is string => url !== undefined && URL.canParse(url),
    );
  }

  get(name: string): string | undefined {
    return bundlerText(this.#layers, name);
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
    return bundlerMirror(this.#layers, source);
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
      const user = this.get(`${origin}${path}`);
      if (user !== undefined) return basic(user);
      if (path === '/') return undefined;
    }
    return undefined;
  }
}
