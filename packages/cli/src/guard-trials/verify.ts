import { randomBytes } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, TarwardenError, type Policy } from '@tarwarden/core';
import { isShim, makeTemporaryFolder, programsOnPath } from '@tarwarden/guarded-run';
import type { ArchiveTrial } from './archive-trial.ts';
import { pathName, wholePath, type TrialPlace } from './environment.ts';
import { archiveTrial, type Manager } from './managers.ts';
import { canaryPackage, cleanPackage } from '@tarwarden/guarded-run/trial-archives';
import { takeOver } from './project.ts';
import { startRegistry } from './registry.ts';
import { remedyFor } from './remedy.ts';
import { endAll } from './run.ts';
import type { Taken } from './taken.ts';
import { tryPackage } from './trial.ts';
import { otherPnpm } from './wanted-manager.ts';
import { conclude, unproven, type Conclusion } from './verdict.ts';

/** The result for one manager. */
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
export async function verify(options: VerifyOptions): Promise<Verified[]> {
  const mark = randomBytes(6).toString('hex');
  const canary = canaryPackage(`tarwarden-canary-${mark}`);
  const clean = cleanPackage(`tarwarden-clean-${mark}`);
  const { policy } = options;
  const rejects =
    inspect(canary.bytes, { policy }).status === 'reject' &&
    options.managers.every((manager) => {
      const trial = archiveTrial(manager);
      if (trial === undefined) return true;
      const { bytes } = trial.canary(canary.name);
      return inspect(bytes, { format: trial.format, policy }).status === 'reject';
    });
  if (!rejects) {
    throw new TarwardenError(
      'NOT_INSPECTED',
      'your policy lets a package pass that has a link and two contents for one path, or two names, so that no refusal can be shown; tighten it, and verify again',
    );
  }
  const folder = trialFolder();
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const stop = onSignals(() => {
    endAll();
    removeFolder();
  });
  const registry = await startRegistry([canary, clean]);
  try {
    const results: Verified[] = [];
    for (const manager of options.managers) {
      options.onStart(manager);
      const own = join(folder, manager);
      mkdirSync(join(own, 'tmp'), { recursive: true });
      const trial = archiveTrial(manager);
      if (trial !== undefined)
        writeArchives(own, trial, { canary: canary.name, clean: clean.name });
      const place = { folder: own, registry: registry.url, cwd: options.cwd };
      // The managers run one after the other, so that one does not slow down another.
      // oxlint-disable-next-line no-await-in-loop
      results.push(
        await verifyOne(manager, place, { ...options, names: [canary.name, clean.name] }),
      );
    }
    return results;
  } finally {
    registry.close();
    removeFolder();
    stop();
  }
}

/** Writes the two archives into the projects that install them. */
function writeArchives(
  own: string,
  trial: ArchiveTrial,
  names: { readonly canary: string; readonly clean: string },
): void {
  for (const kind of ['canary', 'clean'] as const) {
    const project = join(own, 'projects', names[kind]);
    mkdirSync(project, { recursive: true });
    trial.write({ project, name: names[kind], archive: trial[kind](names[kind]) });
  }
}

async function verifyOne(
  manager: Manager,
  place: TrialPlace,
  options: VerifyOptions & { readonly names: [string, string] },
): Promise<Verified> {
  const { cwd, names } = options;
  const [canary, clean] = names;
  const env = { ...options.env, [pathName(options.env)]: wholePath(options.env, cwd) };
  const programs = programsOnPath(manager, env);
  const [program] = programs;
  const nothing: Taken = { files: {}, links: {} };
  const found = (conclusion: Conclusion, taken: Taken, output?: string): Verified => {
    const remedy = remedyFor(conclusion, { manager, programs, env, taken });
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
    return found(unproven('not-found', `there is no ${manager} on the PATH`), nothing);
  const taken = takeOver(manager, real, { cwd, env });
  if (taken.elsewhere !== undefined && !isShim(program))
    return found(unproven('settings-elsewhere', taken.elsewhere), taken);
  const other = manager === 'pnpm' && !isShim(program) && otherPnpm(program, { cwd, env });
  if (typeof other === 'string') return found(unproven('other-version', other), taken);
  const trial = { manager, env, place, taken };
  const first = await tryPackage(trial, canary);
  // A manager that is not guarded needs no second trial.
  const second = first.refused && !first.installed ? await tryPackage(trial, clean) : undefined;
  const conclusion = conclude(manager, first, second);
  if (conclusion.status === 'guarded') return found(conclusion, taken);
  return found(conclusion, taken, (second ?? first).output);
}

/** Runs `clean` before a signal ends this process. Returns a function that stops listening. */
function onSignals(clean: () => void): () => void {
  const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const listener = (signal: NodeJS.Signals): void => {
    clean();
    stop();
    process.kill(process.pid, signal);
  };
  const stop = (): void => signals.forEach((signal) => void process.off(signal, listener));
  for (const signal of signals) process.on(signal, listener);
  return stop;
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
