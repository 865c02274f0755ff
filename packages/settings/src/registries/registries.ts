/* The registries that are configured for a project, and how each address is asked. */
import { registryFor, tarballUrl, type NetworkSettings } from '@tarwarden/host';
import type { MaySend, Settings } from './file-settings.ts';

export const NPM_REGISTRY = 'https://registry.npmjs.org/';

/** npm's registry and Yarn's name for it: lockfiles have these, whatever mirror a user has. */
const PUBLIC_HOSTS: readonly string[] = ['registry.npmjs.org', 'registry.yarnpkg.com'];

/** Names and versions that make an address of a registry, and nothing else. */
const NAME = /^(?:@[\w~-][\w.~-]*\/)?[\w~-][\w.~-]*$/;
const VERSION = /^\d[\w.+-]*$/;

export class Registries {
  readonly #settings: NetworkSettings;
  #bare: NetworkSettings | undefined;
  readonly #hosts: ReadonlySet<string>;
  /** Addresses of registries of the user's own that are not encrypted. */
  readonly #plain: ReadonlySet<string>;

  /** @param all From the weakest on: a later one overrides. `own` are those of the user's own files. */
  constructor(all: readonly Settings[], own: readonly Settings[]) {
    const network = Object.assign({}, ...own.map((one) => one.network)) as NetworkSettings;
    this.#settings = {
      registry: NPM_REGISTRY,
      ...network,
      ...all.reduce((last, { registry }) => (registry === undefined ? last : { registry }), {}),
      scopes: Object.assign({}, ...all.map((one) => one.scopes)) as Record<string, string>,
      // A place that the user has a credential for keeps it.
      byPlace: Object.assign(
        {},
        ...all.filter((one) => !own.includes(one)).map((one) => one.byPlace),
        ...own.map((one) => one.byPlace),
      ) as Record<string, string>,
      userAgent: 'tarwarden audit',
    };
    const urls = (list: readonly Settings[]): string[] =>
      list.flatMap(({ registry = NPM_REGISTRY, scopes }) => [registry, ...Object.values(scopes)]);
    this.#hosts = new Set([...PUBLIC_HOSTS, ...urls(all).map((url) => new URL(url).host)]);
    this.#plain = new Set(
      urls(own)
        .map((url) => new URL(url).origin)
        .filter((url) => url.startsWith('http:')),
    );
  }

  /** The host of an address, and whether one of the configured registries is there. */
  hostOf(url: string): { readonly host: string; readonly known: boolean } {
    if (!URL.canParse(url)) return { host: url, known: false };
    const { host } = new URL(url);
    return { host, known: this.#hosts.has(host) };
  }

  /**
   * Where a tarball is: at the address that the lockfile has, or, where that is none or is npm's own registry, at the registry
   * that is configured for the package. Undefined for what no registry can have.
   */
  addressOf(name: string, version: string, url: string | undefined): string | undefined {
    if (url !== undefined && !(URL.canParse(url) && PUBLIC_HOSTS.includes(new URL(url).host)))
      return url;
    if (!NAME.test(name) || !VERSION.test(version)) return url;
    return tarballUrl(name, version, this.#settings);
  }

  /** Without encryption, a credential goes only to a registry that the user has configured so. */
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

/** What people have a token for npm's registry in: `NPM_TOKEN`, `NODE_AUTH_TOKEN`, `OUR_NPM_READ_TOKEN`. */
const NPM_CREDENTIAL = /(?:^|_)(?:NPM(?:JS)?|NODE|YARN|PNPM|BUN)_(?:[A-Z0-9]+_)*(?:TOKEN|AUTH)$/i;

/**
 * A project's file may have variables sent to registries that the user's own settings name: whatever they are, they stay with whom the
 * user chose. npm's registry is everybody's, and needs no naming: it gets what is called like a token for it, and no other secret.
 */
export function maySendTo(own: readonly Settings[]): MaySend {
  const urls = own.flatMap(({ registry, scopes }) => [
    ...(registry === undefined ? [] : [registry]),
    ...Object.values(scopes),
  ]);
  const hosts = new Set(urls.map((url) => new URL(url).host));
  return (place, variables) => {
    const host = /^\/\/([^/]+)/.exec(place)?.[1] ?? '';
    if (PUBLIC_HOSTS.includes(host)) return variables.every((name) => NPM_CREDENTIAL.test(name));
    return hosts.has(host);
  };
}
