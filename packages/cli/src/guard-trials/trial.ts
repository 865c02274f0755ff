import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { trialEnvironment, type TrialPlace } from './environment.ts';
import { archiveTrial, argumentsFor, type Manager } from './managers.ts';
import { commandMark } from '@tarwarden/guarded-run/trial-archives';
import type { Taken } from './project-guard.ts';
import { runTyped } from './run-typed.ts';
import type { Tried } from './verdict.ts';

export interface Trial {
  readonly manager: Manager;
  readonly env: NodeJS.ProcessEnv;
  readonly place: TrialPlace;
  readonly taken: Taken;
}

/** Makes a manager install one package in a project of its own. */
export async function tryPackage(trial: Trial, name: string): Promise<Tried> {
  const { manager, place, taken } = trial;
  const project = join(place.folder, 'projects', name);
  mkdirSync(project, { recursive: true });
  for (const [file, target] of Object.entries(taken.links))
    symlinkSync(target, join(project, file));
  for (const [file, text] of Object.entries(taken.files))
    writeFileSync(
      join(project, file),
      file === 'package.json' ? depending(text, trial, name) : text,
    );
  const environment = trialEnvironment(manager, trial.env, place);
  const own = archiveTrial(manager);
  const env = own?.environment(environment, project) ?? environment;
  const run = await runTyped(manager, argumentsFor(manager, name), { cwd: project, env });
  if (own !== undefined) {
    const installed = own.installed(project, name);
    return { ...run, installed, refused: own.isRefusal(run.output, name) };
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

function depending(manifest: string, { manager }: Trial, name: string): string {
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
