/* The registries that are configured for a project, and the settings for each address. */
import { registryFor, tarballUrl, type NetworkSettings } from '@tarwarden/guard';
import { NPM_REGISTRY } from './entries.ts';
import type { MaySend, RegistrySettings } from './file-settings.ts';

/** npm's registry and Yarn's name for it. Lockfiles name these hosts even if the user has a mirror. */
const PUBLIC_HOSTS: readonly string[] = ['registry.npmjs.org', 'registry.yarnpkg.com'];

/** Names and versions that are safe as a part of a registry's address. */
const NAME = /^(?:@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*$/;
const VERSION = /^\d[\w.+-]*$/;

export class Registries {
  readonly #settings: NetworkSettings;
  #bare: NetworkSettings | undefined;
  readonly #hosts: ReadonlySet<string>;
  /** Origins of the user's own registries without encryption. */
  readonly #plain: ReadonlySet<string>;

  /** @param allSettings The weakest first, since a later one overrides. `own` are those of the user's own files. */
  constructor(allSettings: readonly RegistrySettings[], ownSettings: readonly RegistrySettings[]) {
    const network = Object.assign(
      {},
      ...ownSettings.map((settings) => settings.network),
    ) as NetworkSettings;
    this.#settings = {
      registry: NPM_REGISTRY,
      ...network,
      ...allSettings.reduce(
        (last, { registry }) => (registry === undefined ? last : { registry }),
        {},
      ),
      scopes: Object.assign({}, ...allSettings.map((settings) => settings.scopes)) as Record<
        string,
        string
      >,
      // If the user has a credential for a registry, a project cannot replace it.
      byPlace: Object.assign(
        {},
        ...allSettings
          .filter((settings) => !ownSettings.includes(settings))
          .map((settings) => settings.byPlace),
        ...ownSettings.map((settings) => settings.byPlace),
      ) as Record<string, string>,
      userAgent: 'tarwarden audit',
    };
    const urls = (list: readonly RegistrySettings[]): string[] =>
      list.flatMap(({ registry = NPM_REGISTRY, scopes }) => [registry, ...Object.values(scopes)]);
    this.#hosts = new Set([...PUBLIC_HOSTS, ...urls(allSettings).map((url) => new URL(url).host)]);
    this.#plain = new Set(
      urls(ownSettings)
        .map((url) => new URL(url).origin)
        .filter((url) => url.startsWith('http:')),
    );
  }

  /** Whether a configured registry has the host of an address. */
  knowsHost({ host }: URL): boolean {
    return this.#hosts.has(host);
  }

  /**
   * The address of a tarball: the one in the lockfile. If the lockfile has none, or one at npm's own registry, the tarball is at the
   * registry that is configured for the package. Undefined if no registry can have the package.
   */
  addressOf(name: string, version: string, url: string | undefined): string | undefined {
    if (url !== undefined && !(URL.canParse(url) && PUBLIC_HOSTS.includes(new URL(url).host)))
      return url;
    if (!NAME.test(name) || !VERSION.test(version)) return url;
    return tarballUrl(name, version, this.#settings);
  }

  /**
   * The address of the document about all versions of a package, at the registry from which the tarball comes. Undefined if that is at
   * no configured registry.
   */
  documentOf(name: string, version: string, url: string | undefined): string | undefined {
    const tarball = this.addressOf(name, version, url);
    if (tarball === undefined || !NAME.test(name) || !VERSION.test(version)) return undefined;
    if (!URL.canParse(tarball) || !this.knowsHost(new URL(tarball))) return undefined;
    const { origin, pathname } = new URL(tarball);
    const encoded = name.replace('/', '%2f');
    const at = [name, encoded, name.replace('/', '%2F')]
      .map((spelling) => pathname.indexOf(`/${spelling}/-/`))
      .find((index) => index >= 0);
    if (at !== undefined) return `${origin}${pathname.slice(0, at + 1)}${encoded}`;
    // Some registries keep tarballs elsewhere than under the name.
    const registry = this.registryOf(name);
    return new URL(registry).origin === origin ? `${registry}${encoded}` : undefined;
  }

  /** Without encryption, a credential is sent only to a registry that the user has configured without it. */
  settingsFor(url: string): NetworkSettings {
    const { origin, protocol } = new URL(url);
    if (protocol === 'https:' || this.#plain.has(origin)) return this.#settings;
    return (this.#bare ??= { ...this.#settings, byPlace: {} });
  }

  /** The address of the registry for a package, with a slash at its end. */
  registryOf(name: string): string {
    return registryFor(name, this.#settings) ?? NPM_REGISTRY;
  }
}

/** Names of variables with a token for npm's registry: `NPM_TOKEN`, `NODE_AUTH_TOKEN`, `OUR_NPM_READ_TOKEN`. */
const NPM_CREDENTIAL = /(?:^|_)(?:NPM(?:JS)?|NODE|YARN|PNPM|BUN)_(?:[A-Z0-9]+_)*(?:TOKEN|AUTH)$/i;

/**
 * A project's file may send variables to registries that the user's own settings name, because the user trusts these. npm's registry is
 * public: a project may send it only variables that are named like a token for it.
 */
export function maySendTo(ownSettings: readonly RegistrySettings[]): MaySend {
  const urls = ownSettings.flatMap(({ registry, scopes }) => [
    ...(registry === undefined ? [] : [registry]),
    ...Object.values(scopes),
  ]);
  const hosts = new Set(urls.map((url) => new URL(url).host));
  return (registryKey, variables) => {
    const host = /^\/\/([^/]+)/.exec(registryKey)?.[1] ?? '';
    if (PUBLIC_HOSTS.includes(host)) return variables.every((name) => NPM_CREDENTIAL.test(name));
    return hosts.has(host);
  };
}
