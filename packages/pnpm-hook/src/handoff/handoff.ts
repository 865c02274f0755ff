/* Gives pnpm the inspected bytes to unpack, in a private file, with their SHA-512 as the integrity. */
import { setTimeout as wait } from 'node:timers/promises';
import { inWorker } from '../engine.ts';
import type { Guard, GuardingHook } from '../inspection/guard.ts';
import { reasonOf } from '../messages.ts';
import type { BuiltInFetchers, FetchOptions, FetchResult, PnpmResolution } from '../pnpm-shapes.ts';
import type { Session } from '../session.ts';
import { identityOf, isPublished, pnpmSource, type PnpmSource } from '../source.ts';

/** Milliseconds to wait until other downloads have closed their files. */
const PAUSES_MS = [100, 400, 1600, 3200, 6400, 6400];

interface FetchingHook extends GuardingHook {
  /** The guard that the last call of `guard` returned, if there was one. */
  guardSoFar(): Promise<Guard> | undefined;
}

export class Handoff {
  readonly #hook: FetchingHook;
  #open = 0;

  constructor(hook: FetchingHook) {
    this.#hook = hook;
  }

  /**
   * Whether pnpm 12 must call our fetcher for a package. It need not if the package is inspected and pinned: pnpm downloads it itself,
   * with any number of connections, while it calls fetchers for only 16 packages at once. Otherwise the inspection starts now.
   *
   * @param id `name@version` for a package from a registry. pnpm asks about every package before it fetches the first.
   */
  async hasToInspect(id: string, resolution: PnpmResolution): Promise<boolean> {
    const guard = await this.#hook.guardSoFar();
    if (guard === undefined || resolution.gitHosted === true) return true;
    const context = { settings: this.#hook.session().settings, lockfileDir: process.cwd() };
    const source = pnpmSource(identityOf(id), resolution, context);
    if (source === undefined || !isPublished(source)) return true;
    if (guard.isPinned(source)) return false;
    guard.expect(source);
    return true;
  }

  /** Refuses a resolution that is neither a tarball nor allowed. pnpm fetches an allowed one by itself. */
  hasToRefuse(id: string, resolution: PnpmResolution): false {
    // Folders are checked with the lockfile, which shows who names them.
    if (resolution.type === 'directory') return false;
    const { settings, mirrors } = this.#hook.session();
    const context = { settings, mirrors, lockfileDir: process.cwd() };
    this.#hook.refusals.keep(() => pnpmSource(identityOf(id), resolution, context));
    return false;
  }

  /** Inspects the package that pnpm is about to fetch, and lets pnpm unpack exactly these bytes. */
  async fetchInspected(
    cafs: unknown,
    resolution: PnpmResolution,
    { options, fetchers }: Pick<Fetch, 'options' | 'fetchers'>,
  ): Promise<FetchResult> {
    const source = requestedSource(resolution, options, this.#hook.session());
    if (source === undefined) throw new TypeError('asked to fetch what is not a tarball');
    const guard = await this.#hook.guard(options.lockfileDir);
    const { refusals } = this.#hook;
    this.#open += 1;
    try {
      return await handOver(source, { cafs, resolution, options, fetchers, guard, refusals });
    } finally {
      this.#open -= 1;
      // After the last answer, pnpm 12 may kill its worker. So write the verdicts now.
      if (this.#open === 0 && inWorker) guard.flush();
    }
  }
}

interface Fetch {
  readonly cafs: unknown;
  readonly resolution: PnpmResolution;
  readonly options: FetchOptions;
  readonly fetchers: BuiltInFetchers;
  readonly guard: Guard;
  readonly refusals: GuardingHook['refusals'];
}

async function handOver(source: PnpmSource, fetch: Fetch): Promise<FetchResult> {
  const { cafs, resolution, options, fetchers, guard, refusals } = fetch;
  if (source.kind === 'git') {
    await guard.inspect(source);
    return fetchers.git(cafs, resolution, options);
  }
  if (resolution.gitHosted === true) {
    // pnpm unpacks and repacks such a tarball, so it must download it itself. The integrity pins it to the inspected bytes.
    const { integrity } = await guard.inspect(source);
    return fetchers.gitHostedTarball(cafs, { ...resolution, integrity }, options);
  }
  if (source.kind === 'download' && guard.isPinned(source)) {
    // The package was inspected before, and pnpm checks that it gets the same bytes.
    return fetchers.remoteTarball(cafs, { ...resolution, tarball: source.url }, options);
  }
  const { bytes, integrity } = await guard.inspectBytes(source);
  if (bytes === undefined) throw new TypeError('inspected without bytes');
  try {
    const file = refusals.keep(() => bytes.file());
    const local = { tarball: `file:${file}`, integrity };
    const result = await withFilesFree(() => fetchers.localTarball(cafs, local, options));
    // The rest of pnpm treats it as a download.
    const { local: isLocal, ...otherFields } = result;
    return source.kind === 'file' && isLocal !== undefined ? result : otherFields;
  } finally {
    bytes.discard();
    guard.forget(source);
  }
}

/** If too many files are open, pnpm tries a download again, but not a file. So try again here. */
async function withFilesFree<Result>(act: () => Promise<Result>): Promise<Result> {
  for (const pause of PAUSES_MS) {
    try {
      return await act();
    } catch (error) {
      if (!/\bE[MN]FILE\b|too many open files/i.test(reasonOf(error))) throw error;
    }
    await wait(pause);
  }
  return act();
}

function requestedSource(
  resolution: PnpmResolution,
  options: FetchOptions,
  { settings }: Session,
): PnpmSource | undefined {
  const { name, version } = options.pkg ?? {};
  const registry =
    name !== undefined && version !== undefined && isRegistered(name, version, options);
  const identity = registry
    ? { id: `${name}@${version}`, name, version }
    : { id: resolution.tarball ?? resolution.repo ?? 'a package' };
  const context = { settings, lockfileDir: options.lockfileDir ?? process.cwd() };
  return pnpmSource(identity, resolution, context);
}

/**
 * Whether a registry gave the package its identity, and not a URL. pnpm 11 shows it in the id, pnpm 12 after the tab in the index key,
 * pnpm 10 at the end of the index file's name.
 */
function isRegistered(name: string, version: string, options: FetchOptions): boolean {
  const id = `${name}@${version}`;
  const { pkgResolutionId, filesIndexFile = '' } = options;
  const registeredId = pkgResolutionId ?? /\t(.*)$/s.exec(filesIndexFile)?.[1];
  if (registeredId !== undefined) return registeredId === id;
  const file = id.replaceAll('/', '+');
  return [`-${file}.json`, `/${file}/integrity.json`].some((end) => filesIndexFile.endsWith(end));
}
