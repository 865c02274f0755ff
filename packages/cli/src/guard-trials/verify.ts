import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, TarwardenError, type Format, type Policy } from '@tarwarden/core';
import { isShim, makeTemporaryFolder, programsOnPath } from '@tarwarden/guard/run';
import { onSignals } from '@tarwarden/guard/signals';
import { pathName, trialEnvironment, wholePath, type Trial } from './environment.ts';
import { archiveTrial, argumentsFor, type Manager } from './managers.ts';
import {
  commandMark,
  trialPackage,
  type TrialKind,
  type TrialPackage,
} from '@tarwarden/guard/trial-archives';
import { startRegistry } from './registry.ts';
import { endAll, runTyped } from './run-typed.ts';
import { concludeTrial, trialRemedy, unproven, type Conclusion, type Tried } from './verdict.ts';
import { projectGuard, type ProjectGuard } from './project-guard.ts';

export interface Verified extends Conclusion {
  readonly manager: Manager;
  /** The first program of that name on the PATH. */
  readonly program?: string;
  readonly remedy?: string;
  /** The output of a manager that is not guarded. */
  readonly output?: string;
}

export interface VerifyOptions {
  readonly managers: readonly Manager[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly policy: Policy;
  /** Called before each manager is tried. */
  readonly onStart: (manager: Manager) => void;
}

/**
 * Makes each manager install a package that its guard has to refuse, and one that it has to accept. This happens in a temporary
 * folder with a registry of its own. Everything is removed afterwards.
 */
export async function verifyGuards(options: VerifyOptions): Promise<Verified[]> {
  const mark = randomBytes(6).toString('hex');
  const canary = trialPackage(`tarwarden-canary-${mark}`, 'canary');
  const clean = trialPackage(`tarwarden-clean-${mark}`, 'clean');
  refuseLenientPolicy(canary, options);
  const folder = trialFolder();
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const stop = onSignals(['SIGINT', 'SIGTERM', 'SIGHUP'], (signal) => {
    endAll();
    removeFolder();
    stop();
    process.kill(process.pid, signal);
  });
  const registry = await startRegistry([canary, clean]);
  const names = { canary: canary.name, clean: clean.name };
  const { cwd } = options;
  const env = { ...options.env, [pathName(options.env)]: wholePath(options.env, cwd) };
  try {
    const results: Verified[] = [];
    for (const manager of options.managers) {
      options.onStart(manager);
      const place = { folder: join(folder, manager), registry: registry.url, cwd };
      mkdirSync(join(place.folder, 'tmp'), { recursive: true });
      const trial = { manager, programs: programsOnPath(manager, env), env, place };
      // The managers run one after the other, so that their output and run times do not mix.
      // oxlint-disable-next-line no-await-in-loop
      results.push(await verifyManager(trial, names));
    }
    return results;
  } finally {
    registry.close();
    removeFolder();
    stop();
  }
}

/** @throws TarwardenError if the policy accepts a canary: then no guard can be seen to refuse it. */
function refuseLenientPolicy(canary: TrialPackage, { managers, policy }: VerifyOptions): void {
  const archives = managers.flatMap((manager) => {
    const trial = archiveTrial(manager);
    return trial === undefined
      ? []
      : { bytes: trial.archive(canary.name, 'canary').bytes, format: trial.format };
  });
  const isRejected = ({ bytes, format }: { bytes: Buffer; format?: Format }): boolean =>
    inspect(bytes, { policy, ...(format && { format }) }).status === 'reject';
  if ([canary, ...archives].every(isRejected)) return;
  throw new TarwardenError(
    'NOT_INSPECTED',
    'your policy lets a package pass that has a link and two contents for one path, or two names, so that no refusal can be shown; tighten it, and verify again',
  );
}

/** The names of the two packages of a trial. */
type TrialNames = Readonly<Record<TrialKind, string>>;

async function verifyManager(trial: Trial, names: TrialNames): Promise<Verified> {
  const { manager, programs } = trial;
  const [program] = programs;
  const verified = (conclusion: Conclusion, output?: string): Verified => {
    const remedy = trialRemedy(conclusion, trial);
    return {
      manager,
      ...conclusion,
      ...(program !== undefined && { program }),
      ...(remedy !== undefined && { remedy }),
      ...(output !== undefined && { output }),
    };
  };
  const real = programs.find((file) => !isShim(file));
  if (program === undefined || real === undefined)
    return verified(unproven('not-found', `there is no ${manager} on the PATH`));
  const projectCode = await projectGuard(trial, real);
  if (projectCode.conclusion !== undefined)
    return verified(projectCode.conclusion, projectCode.output);
  const canaryRun = await tryPackage(trial, projectCode, names, 'canary');
  // A manager that is not guarded needs no second trial.
  const cleanRun =
    canaryRun.refused && !canaryRun.installed
      ? await tryPackage(trial, projectCode, names, 'clean')
      : undefined;
  const conclusion = concludeTrial(manager, canaryRun, cleanRun);
  if (conclusion.status === 'guarded') return verified(conclusion);
  return verified(conclusion, (cleanRun ?? canaryRun).output);
}

/** Makes a manager install one package in a project of its own. */
async function tryPackage(
  { manager, place, env: callerEnv }: Trial,
  { files, links = {} }: ProjectGuard,
  names: TrialNames,
  kind: TrialKind,
): Promise<Tried> {
  const name = names[kind];
  const project = join(place.folder, 'projects', name);
  mkdirSync(project, { recursive: true });
  for (const [file, target] of Object.entries(links)) symlinkSync(target, join(project, file));
  for (const [file, text] of Object.entries(files))
    writeFileSync(
      join(project, file),
      file === 'package.json' ? depending(text, manager, name) : text,
    );
  const environment = trialEnvironment(manager, callerEnv, place);
  const trial = archiveTrial(manager);
  // A manager that needs no registry gets the archive in the project.
  trial?.write({ project, name, archive: trial.archive(name, kind) });
  const env = trial?.environment(environment, project) ?? environment;
  const run = await runTyped(manager, argumentsFor(manager, name), { cwd: project, env });
  if (trial !== undefined) {
    const installed = trial.installed(project, name);
    return { ...run, installed, refused: trial.isRefusal(run.output, name) };
  }
  return {
    ...run,
    installed:
      existsSync(join(project, 'node_modules', name)) ||
      (manager === 'npx' &&
        run.output.split('\n').some((line) => line.trim() === commandMark(name))),
    refused: isRefusal(run.output, `${name}@1.0.0`),
  };
}

function depending(manifest: string, manager: Manager, name: string): string {
  if (manager === 'npx') return manifest;
  const fields = JSON.parse(manifest) as object;
  return JSON.stringify({ ...fields, dependencies: { [name]: '1.0.0' } });
}

/** Whether the guard reports that it refused the package. npm's list at the end appears even if npm is silent. */
export function isRefusal(output: string, subject: string): boolean {
  const lines = output.split(/\r?\n/);
  return (
    lines.some((line) => line.includes(`tarwarden: refused ${subject}:`)) ||
    (lines.some((line) => line.startsWith('tarwarden: refused 1 package;')) &&
      lines.some((line) => line.trim() === subject))
  );
}

/** Room for stores, caches and projects of the trials. */
const TRIAL_BYTES = 8 * 1024 * 1024;

function trialFolder(): string {
  try {
    const { path, reserve } = makeTemporaryFolder({
      prefix: 'tarwarden-verify-',
      bytes: TRIAL_BYTES,
    });
    rmSync(reserve);
    return realpathSync(path);
  } catch (error) {
    throw new TarwardenError('NOT_INSPECTED', (error as Error).message, { cause: error });
  }
}
