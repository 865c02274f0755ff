/* Runs a client that the kernel confines, step by step. Each step has a program, an environment and walls. */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { findRealProgram, type Command, type Confine } from '@tarwarden/guard/run';
import {
  cacheDirectory,
  makePrivateDirectory,
  stateDirectory,
} from '@tarwarden/guard/cache-directory';
import { lendVerdicts, type LentVerdicts } from '@tarwarden/guard/lent-verdicts';
import { machineKey } from '@tarwarden/guard/machine-key';
import { isWithin } from '@tarwarden/guard/real-path';
import { REPORT_VARIABLES } from '@tarwarden/guard/report-variables';
import { gitWalls, type GitWalls } from './git-walls.ts';
import { clientOf, stepsOf, type ClientName } from './clients/index.ts';
import {
  foldersOf,
  type Client,
  type ClientStep,
  type Phase,
  type Project,
} from './clients/client.ts';
import { mendedStore } from './clients/pnpm.ts';
import { clientEnvironment, listedNames, scriptEnvironment } from './environment.ts';
import {
  confinedCommand,
  findHelper,
  type Grant,
  type Helper,
  type HelperOptions,
  type Walls,
} from './helper.ts';
import { readable, secretsOf } from './hidden.ts';
import {
  checkedRoot,
  ConfineError,
  pathFrom,
  pathOutside,
  realFolders,
  type RunContext,
} from './paths.ts';
import { makePrivateFolder, type PrivateFolder } from './private-folder.ts';

/** The user's options of confinement. */
export interface ConfineOptions {
  /** More folders to which the client may write. */
  readonly write: readonly string[];
  /** Files and folders whose contents may not be read. */
  readonly hide: readonly string[];
  /** More variables that scripts get. */
  readonly env: readonly string[];
}

export interface ConfineRequest {
  readonly client: ClientName;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly options: ConfineOptions;
  /** The file of tarwarden that runs. */
  readonly main: string;
  readonly networkPackages: () => readonly string[];
  readonly helper?: HelperOptions;
}

export interface ConfinedStep extends ClientStep {
  readonly env: NodeJS.ProcessEnv;
  readonly confine: Confine;
  /** TMPDIR of the confined programs. It is the same in every step, and they may write anything there. */
  readonly temporary: string;
  /** Lines that are shown to the user if the step fails. */
  readonly hints: readonly string[];
}

/** Programs write to these devices. */
const DEVICES = ['/dev/null', '/dev/zero', '/dev/full', '/dev/tty'];

/** @throws ConfineError if the client must not be run. */
export function confinement(request: ConfineRequest): Confinement {
  const helper = findHelper(request.helper);
  if ('problem' in helper) throw new ConfineError(missingWalls(helper.problem));
  const names = clientOf(request.client).programs ?? [request.client];
  const [program] = names.flatMap(
    (name) => findRealProgram({ name, windowsScripts: [] }, request.env) ?? [],
  );
  if (program === undefined) throw new ConfineError(`there is no ${names[0]} on the PATH`);
  return new Confinement(request, helper, program);
}

/** The guard's folders in tarwarden's cache. Code of packages never runs while the verdicts are writable. */
function ownCache({ guardIsOutside }: Client, phase: Phase, env: NodeJS.ProcessEnv): string[] {
  if (guardIsOutside === true) return [];
  const cache = cacheDirectory(env);
  if (phase === 'fetch') return [cache];
  return phase === 'whole' ? [join(cache, 'run')] : [];
}

/** Grants files and not the folder: tarwarden removes the folder outside the walls, so nobody may add to it. */
function filesOf(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

export class Confinement {
  /** The PATH for programs that run outside the walls. It has no folders of the project. */
  readonly path: string;
  /** Lines that are shown to the user before the run. */
  readonly warnings: readonly string[];
  readonly #request: ConfineRequest;
  readonly #helper: Helper;
  readonly #client: Client;
  readonly #project: Project;
  readonly #added: readonly string[];
  readonly #private: PrivateFolder;
  readonly #git: GitWalls;
  #lentVerdicts: LentVerdicts | undefined;

  constructor(request: ConfineRequest, helper: Helper, program: Command) {
    const { cwd, env, args, client, main } = request;
    this.#request = request;
    this.#helper = helper;
    this.#client = clientOf(client);
    const firstCall = { cwd, env, args, program: program.file };
    const root = checkedRoot(this.#client.root(firstCall), { cwd, env }, main);
    if (this.#client.trusted === true && isWithin(root, realpathSync(dirname(program.file))))
      throw new ConfineError(
        `${program.file} lies in the project; take its folder out of the PATH`,
      );
    this.path = pathOutside(root, env['PATH']);
    const call = { ...firstCall, env: { ...env, PATH: this.path } };
    const project = (this.#project = {
      ...call,
      root,
      get networkPackages() {
        return request.networkPackages();
      },
    });
    const namedFolders = request.options.write.map((path) => pathFrom(path, project));
    this.#added = realFolders(namedFolders, [root]).map((path) => this.#checked(path));
    this.#git = gitWalls(helper, [root, ...this.#added], namedFolders);
    const missing = request.options.hide.filter((path) => !existsSync(pathFrom(path, project)));
    this.warnings = [
      ...missing.map((path) => `--hide: there is no ${path}, so that nothing is hidden by it`),
      ...this.#git.warnings,
    ];
    // A guard in a confined run cannot make the key, and only a path that exists can be hidden from programs. So make the key now.
    machineKey(env, true);
    this.#private = makePrivateFolder(helper);
  }

  /** A step for a question to the client, before anything is installed. */
  question(): ConfinedStep {
    return this.#confined({ args: [], phase: 'fetch' });
  }

  /** Yields one step at a time. The next step depends on the result of the step before. */
  *steps(): Generator<ConfinedStep> {
    let scripts: ConfinedStep | undefined;
    try {
      for (const step of stepsOf(this.#request.client, this.#project)) {
        const confined = this.#confined(step);
        if (step.phase === 'scripts') scripts = confined;
        if (step.program === undefined) yield confined;
        else this.#silently(confined, step.program);
      }
    } finally {
      if (scripts !== undefined && this.#request.client === 'pnpm')
        this.#silently(scripts, mendedStore(this.#project, this.#emptyStore));
    }
  }

  /** Runs a program behind the walls of a step, without output. */
  #silently({ confine }: ConfinedStep, program: Command): void {
    const { file, args } = confine(program);
    spawnSync(file, args, { stdio: 'ignore', env: {} });
  }

  get #emptyStore(): string {
    return join(this.#private.temporary, 'store');
  }

  dispose(): void {
    this.#lentVerdicts?.end();
    this.#private.dispose();
  }

  #confined(step: ClientStep): ConfinedStep {
    const folders = this.#folders(step);
    const { env, hints } = this.#environment(step);
    const isGuarded = step.phase !== 'scripts' && this.#client.guardIsOutside !== true;
    const report = isGuarded ? reportFiles(this.#project) : [];
    const keptPaths = step.phase === 'fetch' ? this.#git.fetch : this.#git.scripts;
    const except = keptPaths.length === 0 ? '' : ` except ${keptPaths.join(', ')}`;
    const hint = `it may write in ${[this.#project.root, ...folders].join(', ')}${except}; --confine-write DIR adds a folder`;
    return {
      ...step,
      env,
      temporary: this.#private.temporary,
      hints: [hint, ...hints],
      confine: (program, guardFiles = []) =>
        confinedCommand(this.#helper, program, {
          ...this.#walls(step, folders, [...report, ...guardFiles.flatMap(filesOf)]),
          kept: keptPaths,
        }),
    };
  }

  /** The folders to which a step may write, beside the project. */
  #folders({ phase }: ClientStep): string[] {
    const project = this.#project;
    const caches = phase === 'scripts' ? [] : foldersOf(this.#client, project);
    const clientFolders = realFolders(caches, [project.root, ...this.#added]).map((folder) =>
      this.#checked(folder),
    );
    return [...new Set([...clientFolders, ...this.#ownFolders(phase), ...this.#added])];
  }

  /** These folders must be this user's alone: another user could have put a link in place of a lock or a cache. */
  #ownFolders(phase: Phase): string[] {
    const cacheFolders = ownCache(this.#client, phase, this.#project.env);
    const folders = [...cacheFolders, ...(this.#client.locks?.() ?? [])];
    const foreign = folders.find((folder) => !makePrivateDirectory(folder));
    if (foreign === undefined) return folders.map((folder) => realpathSync(folder));
    throw new ConfineError(`${foreign} is a link, or not this user's alone; remove it`);
  }

  #walls(
    { phase, network }: ClientStep,
    folders: readonly string[],
    guardFiles: readonly string[],
  ): Walls {
    const writable = [this.#project.root, this.#private.temporary, ...folders];
    const hidden = this.#hidden(phase, writable);
    const grants: Grant[] = [
      ...writable.map((path) => ({ kind: 'write', path }) as const),
      ...[...DEVICES, '&1', '&2', ...guardFiles].map((path) => ({ kind: 'device', path }) as const),
    ];
    const isHiding = hidden.some((path) => existsSync(path));
    if (isHiding)
      grants.push(
        ...[...readable(hidden, writable), ...writable, ...guardFiles].map(
          (path) => ({ kind: 'read', path }) as const,
        ),
      );
    return {
      grants,
      reading: isHiding,
      network: phase !== 'scripts' || network === true,
      temporary: this.#private.temporary,
    };
  }

  /**
   * The paths that the user hides, and from scripts also the user's secrets. Code of packages never runs while the key of this machine
   * can be read.
   */
  #hidden(phase: Phase, writable: readonly string[]): string[] {
    const project = this.#project;
    const hiddenByUser = this.#request.options.hide.map((path) => pathFrom(path, project));
    if (phase === 'fetch') return hiddenByUser;
    const state = stateDirectory(project.env);
    if (phase === 'whole') return [...hiddenByUser, state];
    const needed = this.#client.needs?.(project) ?? [];
    const secrets = secretsOf(project.env).filter(
      (path) =>
        !needed.includes(path) && !writable.some((folder) => isWithin(folder, realpathSync(path))),
    );
    return [...hiddenByUser, state, ...secrets];
  }

  #environment({ phase, network }: ClientStep): {
    env: NodeJS.ProcessEnv;
    hints: readonly string[];
  } {
    const { env } = this.#request;
    const always = this.#client.env?.(this.#project, { phase, ...(network && { network }) });
    if (phase === 'fetch') return { env: { ...env, ...always }, hints: [] };
    this.#lentVerdicts?.end();
    this.#lentVerdicts = lendVerdicts(env);
    const { variables } = this.#lentVerdicts;
    if (phase === 'whole') return { env: { ...env, ...always, ...variables }, hints: [] };
    const scripts = scriptEnvironment(env, this.#request.options.env);
    const names = scripts.withheld.toSorted();
    const hints = [
      ...(network === true
        ? []
        : ['scripts have no network: what a package downloads in its install script is missing']),
      ...(names.length === 0
        ? []
        : [
            `scripts do not get these variables: ${listedNames(names)}; --confine-env NAME passes one on`,
          ]),
    ];
    const clientVariables = clientEnvironment({
      client: this.#request.client,
      env: this.#project.env,
      path: scripts.env['PATH'] ?? '',
      withheld: names,
      folder: this.#private,
      emptyStore: this.#emptyStore,
    });
    return {
      env: { ...withoutReport(scripts.env), ...always, ...clientVariables, ...variables },
      hints,
    };
  }

  /** A writable folder beside the project has to meet the same conditions as the project. */
  #checked(folder: string): string {
    const { cwd, env } = this.#project;
    return checkedRoot(folder, { cwd, env }, this.#request.main, 'a folder to be written');
  }
}

/** Explains that this machine cannot confine programs, and how to change that. */
function missingWalls(problem: string): string {
  const advice = existsSync('/usr/bin/bwrap')
    ? 'bubblewrap is installed and may work here. To let programs write only to this folder, run: bwrap --ro-bind / / --dev /dev --bind . . tarwarden …'
    : 'Run this command in its own container or virtual machine instead';
  return `${problem}. ${advice}`;
}

/** The file for the guard's report, which is made here. The list is empty if the user wants none. */
function reportFiles({ cwd, env }: RunContext): string[] {
  const reportPath = env[REPORT_VARIABLES.report];
  if (reportPath === undefined || reportPath === '') return [];
  try {
    const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_WRONLY } = constants;
    const path = resolve(cwd, reportPath);
    closeSync(openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600));
    return [realpathSync(path)];
  } catch {
    // The guard itself reports that the file cannot be written.
    return [];
  }
}

/** While scripts run, nothing is inspected. A program there would add an empty report. */
function withoutReport(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names: readonly string[] = Object.values(REPORT_VARIABLES);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}
