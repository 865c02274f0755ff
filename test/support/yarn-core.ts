/** A stand-in for @yarnpkg/core: what the plugin puts its gates into, and no more of Yarn. */
import { vi } from 'vitest';

export interface Archive {
  getRealPath(): string;
  saveAndClose(): void;
  discardAndClose?(): void;
  getBufferAndClose?: () => Uint8Array;
}

export interface FetchOptions {
  loader?: () => Promise<Archive>;
  skipIntegrityCheck?: boolean;
  unstablePackages?: ReadonlySet<string>;
}

export type Fetched = [
  packageFs: { getRealPath(): string },
  releaseFs: () => void,
  checksum: string | null,
];

export const locator = { scope: null, name: 'a', reference: 'npm:1.0.0', locatorHash: 'hash-of-a' };

/** Yarn's pool of threads that convert tarballs. */
export class Pool {
  readonly ran: unknown[] = [];
  async run(data: unknown): Promise<unknown> {
    this.ran.push(data);
    return 'converted';
  }
}

/** The module, anew: the gates are put into its prototypes. */
export function yarnCore(version: string | null = '4.12.0') {
  class Cache {
    settings: Record<string, unknown> = {};
    check = false;
    readonly cacheKey = '10c0';
    mirror: string | null = null;
    kept: string | null = null;
    readonly configuration = { get: (name: string): unknown => this.settings[name] };
    readonly calls: unknown[][] = [];
    fetches: (options: FetchOptions) => Promise<Fetched> = async () => {
      throw new Error('not set');
    };

    async setup(): Promise<void> {
      this.calls.push(['setup']);
    }
    getLocatorMirrorPath(...args: unknown[]): string | null {
      this.calls.push(['mirror', ...args]);
      return this.mirror;
    }
    getLocatorPath(...args: unknown[]): string | null {
      this.calls.push(['kept', ...args]);
      return this.kept;
    }
    async fetchPackageFromCache(
      of: typeof locator,
      checksum: string | null,
      options: FetchOptions,
    ): Promise<Fetched> {
      this.calls.push(['fetch', of, checksum]);
      return this.fetches(options);
    }
  }
  class MultiFetcher {
    async fetch(_locator: unknown, options: { act: () => Promise<unknown> }): Promise<unknown> {
      return options.act();
    }
  }
  class Project {
    readonly configuration = {};
    async fetchEverything(_options: unknown): Promise<void> {
      // Its gate is tested with real clients.
    }
    async linkEverything(_options: unknown): Promise<void> {
      // As above.
    }
    async persistInstallStateFile(): Promise<void> {
      // As above.
    }
  }
  const pools = { own: new Pool(), standard: new Pool() };
  class ReportError extends Error {
    readonly reportCode: number;
    readonly reportExtra: ((report: unknown) => void) | undefined;
    constructor(code: number, message: string, extra?: (report: unknown) => void) {
      super(message);
      this.reportCode = code;
      this.reportExtra = extra;
    }
  }
  return {
    YarnVersion: version,
    Cache,
    MultiFetcher,
    Project,
    ReportError,
    MessageName: { FETCH_FAILED: 30 },
    SettingsType: {},
    Configuration: { findRcFiles: vi.fn(async () => []) },
    tgzUtils: {
      getTaskPoolForConfiguration: (_configuration: unknown) => pools.own,
      getDefaultTaskPool: () => pools.standard,
    } as Record<string, unknown>,
    structUtils: {
      isVirtualLocator: () => false,
      stringifyIdent: ({ name }: { name: string }) => name,
      parseRange: (range: string) => ({ selector: range.replace(/^npm:/, ''), params: null }),
    },
    pools,
  };
}

export type YarnCore = ReturnType<typeof yarnCore>;

/** The module of the test that runs. */
export const live: { core: YarnCore } = { core: yarnCore() };

/** Stands in for the module: what is imported of it is always that of the test that runs. */
export function liveCore(): YarnCore {
  const names = Object.keys(live.core) as (keyof YarnCore)[];
  const properties = names.map((name) => [name, { enumerable: true, get: () => live.core[name] }]);
  return Object.defineProperties({}, Object.fromEntries(properties)) as YarnCore;
}
