/* Settings of Bundler and RubyGems, from the environment, Bundler's configuration and ~/.gemrc. A repository's .bundle/config does not count. */
import { basicAuthorization } from '@tarwarden/guard';
import {
  bundlerMirror,
  bundlerNames,
  bundlerText,
  bundlerUserLayers,
  gemrcSources,
  clientContext,
  type SettingsLayer,
  type Variables,
} from '@tarwarden/clients/settings';
import { usersByOrigin } from '../authorization.ts';

export const RUBYGEMS = 'https://rubygems.org/';

export class BundleSettings {
  readonly #layers: readonly SettingsLayer[];
  readonly #users: ReadonlyMap<string, string>;
  /** The sources in the user's settings. */
  readonly sources: readonly string[];
  /** The sources in the settings of gem. */
  readonly gemSources: readonly string[];

  /** @throws TarwardenError if a file exists and cannot be read, or its client ends because of it. */
  constructor(env: Variables) {
    const context = clientContext({ folder: '.', env });
    this.#layers = bundlerUserLayers(context);
    const gemrc = gemrcSources(context);
    this.#users = usersByOrigin(gemrc);
    const names = bundlerNames(this.#layers);
    const mirrors = names
      .filter((name) => name.startsWith('mirror.'))
      .map((name) => this.get(name));
    this.gemSources = gemrc.filter((url) => /^https?:/.test(url) && URL.canParse(url));
    this.sources = [...gemrc, ...names.filter((name) => /^https?:/.test(name)), ...mirrors].filter(
      (url): url is string => url !== undefined && URL.canParse(url),
    );
  }

  get(name: string): string | undefined {
    return bundlerText(this.#layers, name);
  }

  /** Whether the user has a credential for a host. */
  namesHost(host: string): boolean {
    return this.#ofHost(host) !== undefined;
  }

  /** The credential for a host. A name without a dot, or one that begins with a word of Bundler, is another setting. */
  #ofHost(host: string): string | undefined {
    if (!host.includes('.') || /^(?:mirror|build|local)\./.test(host)) return undefined;
    return this.get(host);
  }

  /** The mirror that the user has for a source, or the source itself. */
  mirrorOf(source: string): string {
    return bundlerMirror(this.#layers, source);
  }

  /**
   * The user's credential for the source at an address, or for its host. The author of a lockfile chooses port and protocol, and a
   * credential for a host names neither. So it is sent by https on its usual port alone.
   */
  authorizationFor(url: URL): string | undefined {
    const sourceAuthorization = this.#ofSource(url) ?? this.#users.get(url.origin);
    if (sourceAuthorization !== undefined) return sourceAuthorization;
    if (url.protocol !== 'https:' || url.port !== '') return undefined;
    const user = this.#ofHost(url.hostname);
    return user === undefined ? undefined : basicAuthorization(user);
  }

  #ofSource({ origin, pathname }: URL): string | undefined {
    for (
      let path = pathname;
      path !== '';
      path = path.slice(0, path.lastIndexOf('/', path.length - 2) + 1)
    ) {
      const user = this.get(`${origin}${path}`);
      if (user !== undefined) return basicAuthorization(user);
      if (path === '/') return undefined;
    }
    return undefined;
  }
}
