import {
  existsSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeSync,
  closeSync,
  constants,
  openSync,
} from 'node:fs';
import { resolve, join } from 'node:path';
import { Readable } from 'node:stream';
import {
  EXIT,
  refuseToRun,
  report,
  YARN_STATUS,
  confinedPhase,
  type ConfinedPhase,
} from '@tarwarden/guard/run';
import {
  nothingInspected,
  nothingInstalled,
  type PolicyScope,
  type ShortRefusal,
} from '@tarwarden/guard/kit';
import { copyOfBundle } from './copies.ts';
import { edited } from './edits.ts';
import { gitTarGate, tarballGate, writeAnew, type TarballGate } from './gate.ts';
import type { YarnInspector, InspectedFolder } from './inspector.ts';
import {
  CacheRequests,
  isBroken,
  text,
  type YarnConfig,
  type YarnFetcher,
  type PackageReference,
  type ResolvedManifest,
  type TarFs,
  type YarnRemote,
} from './yarn.ts';
import { printable } from '@tarwarden/core/text';
import { localDependency } from '@tarwarden/guard/local-dependency';
import { tmpdir } from 'node:os';

/** The guard's file, and its reports to the wrapper that started Yarn. */
export interface GuardReports {
  /** Path of the preload file of the guard. */
  readonly preload: string;
  /** This Yarn runs the command. */
  runs(): void;
  /** Another program, which a setting names, runs the command. */
  handsOver(): void;
}

/** Loads the core and reads the policy. Throws their errors. */
export type OpenInspector = (...args: ConstructorParameters<typeof YarnInspector>) => YarnInspector;

/**
 * The guard of one Yarn process. The changed bundle calls these methods. A refusal ends the process, because Yarn would ignore an error
 * about an optional dependency. Until Yarn has fetched everything, it writes only to its cache.
 */
export class YarnGuard {
  readonly confined: ConfinedYarn;
  readonly #env: NodeJS.ProcessEnv;
  readonly #reports: GuardReports;
  readonly #open: OpenInspector;
  readonly #requests = new CacheRequests();
  /** Files that were written to an offline mirror in this run. A refusal removes them. */
  readonly #mirrored: string[] = [];
  #inspector: YarnInspector | undefined;

  constructor(env: NodeJS.ProcessEnv, reports: GuardReports, open: OpenInspector) {
    this.#env = env;
    this.confined = new ConfinedYarn(env);
    this.#reports = reports;
    this.#open = open;
  }

  runs(): void {
    this.#reports.runs();
  }

  /** Refuses to hand over to a Yarn 1 that cannot be guarded. */
  handsOver(yarnPath: unknown): void {
    const problem = problemOfYarnPath(text(yarnPath) ?? '');
    if (problem !== undefined)
      refuseToRun(
        'yarn',
        YARN_STATUS,
        `${problem}; with YARN_IGNORE_PATH=1, the Yarn on the PATH runs`,
      );
    this.#reports.handsOver();
  }

  /** Arguments of Node for the Yarn that scripts call. They guard that Yarn even if a script clears NODE_OPTIONS. */
  yarnOfScripts(main: string): readonly string[] {
    const { preload } = this.#reports;
    // Yarn puts the path between double quotes and does not escape it.
    return /["$`\\]/.test(preload) ? [main] : ['--require', preload, main];
  }

  /**
   * Called before Yarn resolves a dependency that is not a version of a registry's package. Yarn 1 resolves all paths from the project's
   * folder, so even `file:./folder` is not inside the package. Yarn copies or links the folder, and runs its scripts.
   */
  exotic({ parentRequest: parent }: PackageRequest, range: unknown): void {
    const specifier = text(range);
    if (!parent || specifier === undefined || !LOCAL.test(specifier) || isOwn(parent)) return;
    const subject = printable(text(parent.pattern) ?? 'a package');
    const { why, remedy } = localDependency(specifier);
    this.#refuseProject(subject, `${subject}: ${why}`, remedy);
  }

  requested(reference: PackageReference, folder: string, config: YarnConfig): void {
    this.#requests.note(reference, folder);
    const inspector = this.#load(config);
    const { name, version, remote } = reference;
    const subject = {
      label: this.#requests.forFolder(folder)?.label,
      source: text(remote?.reference),
    };
    inspector.climbing(subject, text(name), text(version));
    const cache = text(config.cacheFolder);
    const leaves = cache !== undefined && !inspector.staysIn(cache, folder);
    if (leaves && !this.confined.holdsCopy(remote))
      this.#refuseProject(
        folder,
        `${folder} leads out of Yarn's cache`,
        'remove the link that is on the way',
      );
  }

  /** Called before Yarn writes anything, and again with the resolved packages before it fetches or links them. */
  starting(packages: readonly ResolvedManifest[], config: YarnConfig): void {
    const root = text(config.lockfileFolder) ?? process.cwd();
    if (isGlobal(config)) return;
    const workspaces = packages
      .filter(({ _remote: remote }) => remote?.type === 'workspace')
      .flatMap(({ _remote: remote }) => text(remote?.reference) ?? []);
    const link = this.#load(config).linkOut(root, workspaces);
    if (link !== undefined) this.#refuseProject(link.name, link.problem, link.remedy);
  }

  /** A stream that takes a tarball and returns its tar after it is accepted. */
  tarball(
    fetcher: YarnFetcher,
    decoder: () => NodeJS.ReadWriteStream,
    source: string | undefined,
  ): TarballGate {
    const inspector = this.#load(fetcher.config);
    const inspected = this.#inspected(fetcher, source);
    const gate: TarballGate = tarballGate({
      bytesMax: inspector.maxBytes,
      tooLarge: () => inspector.tooLarge(inspected.subject),
      open: async (bytes) => {
        // Yarn reports the wrong integrity itself, at the end of this empty stream.
        if (isBroken(fetcher)) return Readable.from([]);
        const unpacked = await inspector.tarball(bytes, inspected, decoder);
        for (const file of gate.files) writeAnew(file, bytes);
        return unpacked;
      },
    });
    return gate;
  }

  /** Called with the tarball that Yarn is about to upload, and its manifest. */
  async upload(bytes: Buffer, manifest: PackageReference, config: YarnConfig): Promise<void> {
    await this.#load(config).upload(bytes, text(manifest.name) ?? '', text(manifest.version) ?? '');
  }

  /** Has the bytes in a gate written to a file of the cache or of an offline mirror after they are accepted. */
  keep(gate: TarballGate, file: string, mirror: boolean): void {
    gate.files.push(file);
    if (mirror && !existsSync(file)) this.#mirrored.push(file);
  }

  /** A stream that takes a tar of git. */
  gitTar(tarFs: TarFs, folder: string, options: object): NodeJS.WritableStream {
    return this.#gitGate(folder, undefined, () => tarFs.extract(folder, options));
  }

  /** A stream that takes a tar of git from an offline mirror, or one that Yarn packed. */
  keptGitTar(tarFs: TarFs, folder: string, fetcher: YarnFetcher): NodeJS.WritableStream {
    const options = { dmode: 0o555, fmode: 0o444, chown: false };
    return this.#gitGate(folder, fetcher, (whole) =>
      tarFs.extract(folder, whole ? options : { ...options, strip: 1 }),
    );
  }

  #gitGate(
    folder: string,
    fetcher: YarnFetcher | undefined,
    extract: (whole: boolean) => NodeJS.WritableStream,
  ): NodeJS.WritableStream {
    const inspector = this.#load(fetcher?.config ?? {});
    const request = this.#requests.forFolder(folder);
    const source = text(request?.remote.reference ?? fetcher?.reference) ?? folder;
    const { label, expected } = request ?? {};
    const inspected = { subject: { label, source, expected }, request, folder };
    return gitTarGate({
      bytesMax: inspector.maxBytes,
      tooLarge: () => inspector.tooLarge(inspected.subject),
      open: async (bytes) =>
        extract((await inspector.gitTar(bytes, inspected, fetcher !== undefined)) === 'whole'),
    });
  }

  /** Whether Yarn runs the scripts of a git repository to prepare a package. */
  prepares(fetcher: YarnFetcher, hasScript: boolean): boolean {
    const why = hasScript ? this.confined.refusesToPrepare() : undefined;
    if (why === undefined) return hasScript;
    const { label, source } = this.#inspected(fetcher, undefined).subject;
    const remedy = 'depend on a package that is published, or install without --confine';
    return this.#refuseProject(
      label ?? source ?? 'a package',
      `${label ?? source}: ${why}`,
      remedy,
    );
  }

  /** Called when a fetcher has filled its folder. Skips tarballs, because an accepted tarball contains no link. */
  placed(fetcher: YarnFetcher): void {
    if (fetcher.remote?.type === 'tarball') return;
    const { subject } = this.#inspected(fetcher, undefined);
    const copiedFrom = resolve(text(fetcher.reference) ?? fetcher.dest);
    this.#load(fetcher.config).leaving(fetcher.dest, copiedFrom, subject);
  }

  /** Whether Yarn may use a folder of its cache as it is. */
  async cached(folder: string, config: YarnConfig): Promise<boolean> {
    const request = this.#requests.forFolder(folder);
    const source = text(request?.remote.reference) ?? folder;
    const { label, expected, claims } = request ?? {};
    const subject = { label, source: `${source} (in Yarn's cache)`, expected, claims };
    return this.#load(config).cached({ subject, request, folder });
  }

  #inspected(fetcher: YarnFetcher, local: string | undefined): InspectedFolder {
    const request = this.#requests.forFolder(fetcher.dest);
    const label = request?.label ?? text(fetcher.packageName);
    const source = local ?? text(fetcher.reference);
    const { expected, claims } = request ?? {};
    const subject = { label, source, expected, claims };
    return { subject, request, folder: fetcher.dest };
  }

  /** Loads the core and the policy, once for a process. */
  #load(config: YarnConfig): YarnInspector {
    if (this.#inspector !== undefined) return this.#inspector;
    try {
      const inspector = this.#open(yarnPolicyScope(config, this.#env), ({ refused }) =>
        this.#stop(refused),
      );
      for (const warning of inspector.warnings) process.stderr.write(`tarwarden: ${warning}\n`);
      return (this.#inspector = inspector);
    } catch (error) {
      return this.#stop(nothingInspected(error));
    }
  }

  #refuseProject(subject: string, reason: string, remedy: string): never {
    this.#stop(nothingInstalled(subject, reason, remedy));
  }

  #stop({ subject, block }: ShortRefusal): never {
    for (const file of this.#mirrored) rmSync(file, { force: true });
    report(this.#env, YARN_STATUS, { event: 'blocked', subject });
    try {
      writeSync(2, `\n${block}\n`);
    } catch {
      // Standard error may be closed. The exit code still counts.
    }
    process.exit(EXIT.BLOCKED);
  }
}

/** The scope of the policy. A project's policy file counts only for installs into the project. */
function yarnPolicyScope(config: YarnConfig, env: NodeJS.ProcessEnv): PolicyScope {
  const project = text(config.lockfileFolder);
  const fetched = project !== undefined && /[\\/]node_modules(?:[\\/]|$)/.test(project);
  return project === undefined || isGlobal(config) || fetched ? { env } : { project, env };
}

/**
 * Whether Yarn installs globally, also for `yarn create`. In such installs Yarn has no command name. So a project that its .yarnrc
 * calls the global folder is not mistaken for one.
 */
function isGlobal({ cwd, globalFolder, commandName }: YarnConfig): boolean {
  return cwd !== undefined && cwd === globalFolder && text(commandName) === undefined;
}

/** Why Yarn must not run the program that `yarn-path` names. Undefined if it may. */
function problemOfYarnPath(yarnPath: string): string | undefined {
  const program = resolve(yarnPath);
  if (!existsSync(program)) return undefined;
  const copy = copyOfBundle(realpathSync(program), true);
  const result = copy && edited(readFileSync(copy.bundle));
  return result !== undefined && 'problem' in result
    ? `yarn-path names ${program}, a Yarn 1 that cannot be guarded: ${result.problem}`
    : undefined;
}

/** The fields of Yarn's request for a package that this file uses. */
export interface PackageRequest {
  readonly pattern?: unknown;
  /** The request of the package that depends on this one. Absent if the user or the project asks. */
  readonly parentRequest?: PackageRequest | null;
  readonly resolver?: {
    readonly workspaceLayout?: {
      readonly virtualManifestName?: unknown;
      getManifestByPattern(pattern: string): unknown;
    } | null;
  };
}

/** Matches a text that Yarn uses as the path of a folder or an archive, or that git uses as the path of a repository. */
const LOCAL = /^(?:file:|link:|git\+file:|[\\/]|\.{1,2}[\\/]|[a-z]:[\\/])/i;

/** Whether a request is for the project, a workspace, or a folder that these name. */
function isOwn(request: PackageRequest): boolean {
  for (let current: PackageRequest | null | undefined = request; current;) {
    const pattern = text(current.pattern) ?? '';
    const layout = current.resolver?.workspaceLayout;
    const root = text(layout?.virtualManifestName);
    if (root !== undefined && pattern.startsWith(`${root}@`)) return true;
    if (layout?.getManifestByPattern(pattern)) return true;
    const range = pattern.slice(pattern.indexOf('@', 1) + 1);
    if (!/^(?:file:|link:|\.{0,2}\/)/.test(range) || /\.t(?:ar\.)?gz$/.test(range)) return false;
    current = current.parentRequest;
  }
  return true;
}

/** Yarn copies local folders into its cache at each install. In the phase that runs scripts it cannot, and uses this folder. */
const COPIES = 'tarwarden-copies';

export class ConfinedYarn {
  readonly #phase: ConfinedPhase | undefined;

  constructor(env: NodeJS.ProcessEnv) {
    this.#phase = confinedPhase(env);
  }

  /** Whether Yarn must run the scripts of installed packages, because the first phase did not run them. */
  buildsAll(): boolean {
    return this.#phase === 'scripts';
  }

  /** Whether Yarn reads a file of settings. It skips files that it may not open, because it would fail. */
  reads(file: string): boolean {
    if (this.#phase === undefined) return true;
    try {
      closeSync(openSync(file, constants.O_RDONLY | constants.O_NONBLOCK));
      return true;
    } catch (error) {
      return !['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
    }
  }

  /** The folder of the cache for a package. */
  cacheOf({ cacheFolder }: YarnConfig, { remote, _remote }: Cached): unknown {
    return this.holdsCopy(remote ?? _remote) ? join(tmpdir(), COPIES) : cacheFolder;
  }

  holdsCopy(remote: YarnRemote | undefined): boolean {
    return this.#phase === 'scripts' && text(remote?.type) === 'copy';
  }

  /** Why Yarn must not run the scripts of a git repository. Undefined if it may run them. */
  refusesToPrepare(): string | undefined {
    return this.#phase === undefined || this.#phase === 'whole'
      ? undefined
      : 'it has a "prepare" script, which Yarn 1 runs while it fetches: scripts would run with the network and your tokens';
  }
}

interface Cached {
  readonly remote?: YarnRemote;
  readonly _remote?: YarnRemote;
}
