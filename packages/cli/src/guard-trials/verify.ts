import { randomBytes } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, TarwardenError, type Format, type Policy } from '@tarwarden/core';
import { isShim, makeTemporaryFolder, programsOnPath } from '@tarwarden/guarded-run';
import { onSignals } from '@tarwarden/host/signals';
import { pathName, wholePath, type TrialPlace } from './environment.ts';
import { archiveTrial, type Manager } from './managers.ts';
import { trialPackage, type TrialPackage } from '@tarwarden/guarded-run/trial-archives';
import { startRegistry } from './registry.ts';
import { trialRemedy } from './remedy.ts';
import { endAll } from './run-typed.ts';
import { tryPackage } from './trial.ts';
import { concludeTrial, unproven, type Conclusion } from './verdict.ts';
import { projectGuard } from './project-guard.ts';

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
  try {
    const results: Verified[] = [];
    for (const manager of options.managers) {
      options.onStart(manager);
      const place = { folder: join(folder, manager), registry: registry.url, cwd: options.cwd };
      fillFolder(place.folder, manager, names);
      // The managers run one after the other, so that their output and run times do not mix.
      // oxlint-disable-next-line no-await-in-loop
      results.push(await verifyManager(manager, place, { ...options, names }));
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

interface TrialNames {
  readonly canary: string;
  readonly clean: string;
}

/** Makes the folder of a manager. A manager that needs no registry gets the two archives in the projects that install them. */
function fillFolder(folder: string, manager: Manager, names: TrialNames): void {
  mkdirSync(join(folder, 'tmp'), { recursive: true });
  const trial = archiveTrial(manager);
  if (trial === undefined) return;
  for (const kind of ['canary', 'clean'] as const) {
    const project = join(folder, 'projects', names[kind]);
    mkdirSync(project, { recursive: true });
    trial.write({ project, name: names[kind], archive: trial.archive(names[kind], kind) });
  }
}

async function verifyManager(
  manager: Manager,
  place: TrialPlace,
  options: VerifyOptions & { readonly names: TrialNames },
): Promise<Verified> {
  const { cwd, names } = options;
  const env = { ...options.env, [pathName(options.env)]: wholePath(options.env, cwd) };
  const programs = programsOnPath(manager, env);
  const [program] = programs;
  const verified = (conclusion: Conclusion, output?: string): Verified => {
    const remedy = trialRemedy(conclusion, { manager, programs, env });
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
  const asked = { manager, program: real, isBehindShim: isShim(program) };
  const own = await projectGuard(asked, { cwd, env }, place);
  if (own.conclusion !== undefined) return verified(own.conclusion, own.output);
  const trial = { manager, env, place, taken: own.taken };
  const first = await tryPackage(trial, names.canary);
  // A manager that is not guarded needs no second trial.
  const second =
    first.refused && !first.installed ? await tryPackage(trial, names.clean) : undefined;
  const conclusion = concludeTrial(manager, first, second);
  if (conclusion.status === 'guarded') return verified(conclusion);
  return verified(conclusion, (second ?? first).output);
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
