/* Asks a manager itself what it loads in the user's project, so that the trial project loads the same. No setting is read here. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { extname, isAbsolute, join, resolve, sep } from 'node:path';
import {
  openStatus,
  PNPM_STATUS,
  YARN_STATUS,
  type StatusChannel,
  type StatusEvent,
} from '@tarwarden/guard/run';
import { foldersAbove } from '@tarwarden/guard/folders-above';
import { realOrSame } from '@tarwarden/guard/real-path';
import { askingEnvironment, type Trial } from './environment.ts';
import { archiveTrial, type Manager } from './managers.ts';
import { runTyped, type Run, type RunOptions } from './run-typed.ts';
import { unproven, type Conclusion } from './verdict.ts';
import { wantedManager } from './wanted-manager.ts';

/** The code that a manager loads in the user's project. A trial's project gets it as well. */
export interface ProjectGuard {
  /** Files to write, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Files of the project that get a link, by the name of the link. They are code, which loads files beside it. */
  readonly links?: Readonly<Record<string, string>>;
  /** Given if the manager loads no guard in the project, or fails there. */
  readonly conclusion?: Conclusion;
  /** The output of the manager that was asked. */
  readonly output?: string;
}

type Files = ProjectGuard['files'];

/**
 * The code that the manager loads in the project. No registry, token or folder to write to is taken over.
 * @param program The program behind every shim.
 */
export async function projectGuard(trial: Trial, program: string): Promise<ProjectGuard> {
  const { manager, place } = trial;
  if (archiveTrial(manager) !== undefined) return { files: {} };
  // npm and pnpm would ask the registry for the manager that package.json names, or stop. Only corepack needs it.
  const isOfCorepack = realOrSame(program).split(sep).includes('corepack');
  const managerFields = isOfCorepack ? wantedManager(foldersAbove(place.cwd)) : {};
  const fields = { name: 'tarwarden-verify', version: '1.0.0', private: true, ...managerFields };
  const files = {
    'package.json': JSON.stringify(fields),
    ...(manager === 'yarn' && { 'yarn.lock': '' }),
  };
  if (manager === 'npm' || manager === 'npx') return npmExtension(trial, files);
  // A shim brings its own guard, whatever the project says.
  if (trial.programs[0] !== program) return { files };
  if (manager === 'pnpm') return pnpmGuard(trial, files);
  return manager === 'yarn' ? yarnGuard(trial, files) : { files };
}

/** npm 12 looks for these names. If both are there, it loads none and stops. */
const EXTENSIONS = ['.npm-extension.mjs', '.npm-extension.cjs'];

/**
 * Takes over the code of the project that npm 12 loads into itself. Older versions do not know the settings. A repository may have a
 * setting with which npm installs and answers no question, such as `workspaces=true`: then nothing is known about its extension.
 */
async function npmExtension({ env, place }: Trial, files: Files): Promise<ProjectGuard> {
  const asking = askingEnvironment('npm', env, place);
  const unanswered = (run: Run): ProjectGuard => ({
    files,
    conclusion: failedInProject('npm', run),
    output: run.output,
  });
  const prefix = await runTyped('npm', ['prefix', '--silent'], { cwd: place.cwd, env: asking });
  const root = prefix.stdout.trim();
  if (prefix.code !== 0 || !isAbsolute(root)) return unanswered(prefix);
  // In the folder of a workspace's package, npm does not answer this question.
  const names = ['ignore-extension', 'ignore-scripts', 'extension-file'];
  const settings = await runTyped('npm', ['config', 'get', '--silent', ...names], {
    cwd: root,
    env: asking,
  });
  const [ignoresExtension, ignoresScripts, file] = names.map(
    (name) => new RegExp(`^${name}=(.*)$`, 'm').exec(settings.stdout)?.[1],
  );
  if (settings.code !== 0 || file === undefined) return unanswered(settings);
  if (ignoresExtension !== 'false' || ignoresScripts !== 'false') return { files };
  if (file !== 'null')
    return { files, links: { [`.npm-extension${extname(file)}`]: resolve(root, file) } };
  const extensionNames = EXTENSIONS.filter((name) => existsSync(join(root, name)));
  return {
    files,
    links: Object.fromEntries(extensionNames.map((name) => [name, join(root, name)])),
  };
}

type ArmedEvent = Extract<StatusEvent, { event: 'armed' }>;

/** Runs a manager in the project, and returns the last report of a guard that it has loaded. */
async function reported(
  channel: StatusChannel,
  run: (variables: NodeJS.ProcessEnv) => Promise<Run>,
): Promise<{ readonly run: Run; readonly armed: ArmedEvent | undefined }> {
  const status = openStatus();
  try {
    const nonce = randomUUID();
    const result = await run({ [channel.file]: status.file, [channel.nonce]: nonce });
    const armed = status
      .read()
      .flatMap((event) => (event.event === 'armed' && event.nonce === nonce ? [event] : []))
      .at(-1);
    return { run: result, armed };
  } finally {
    status.dispose();
  }
}

/** `pnpm list` loads the same pnpmfiles as an install, and resolves and links nothing. */
async function pnpmGuard({ env, place }: Trial, files: Files): Promise<ProjectGuard> {
  const { cwd } = place;
  const askingEnv = askingEnvironment('pnpm', env, place);
  const { run, armed } = await reported(PNPM_STATUS, async (variables) => {
    // pnpm 11 and 12 would download the version that package.json names, or write the present one into the lockfile.
    const checked: RunOptions = {
      cwd,
      env: { pnpm_config_pm_on_fail: 'error', ...askingEnv },
      // pnpm 10 does not end after it where it makes its store first, for config dependencies.
      until: /^\d+\.\d+\.\d+\S*\r?\n/,
    };
    const check = await runTyped('pnpm', ['--version'], checked);
    const listing = { ...askingEnv, ...variables, pnpm_config_pm_on_fail: 'ignore' };
    return check.code === 0
      ? runTyped('pnpm', ['list', '--depth=-1'], { cwd, env: listing })
      : check;
  });
  if (armed?.guard === undefined || run.code !== 0) return withoutGuard('pnpm', run, files);
  const pnpmfile = `module.exports = require(${JSON.stringify(armed.guard)});\n`;
  return { files: { ...files, '.pnpmfile.cjs': pnpmfile } };
}

/** Yarn 3 and 4 load their plugins before every command. The guard also reports which Yarn it is in: a setting may start another. */
async function yarnGuard({ env, place }: Trial, files: Files): Promise<ProjectGuard> {
  const { cwd } = place;
  const askingEnv = askingEnvironment('yarn', env, place);
  const { run, armed } = await reported(YARN_STATUS, async (variables) =>
    runTyped('yarn', ['config', 'get', 'yarnPath'], { cwd, env: { ...askingEnv, ...variables } }),
  );
  if (armed === undefined || run.code !== 0) return withoutGuard('yarn', run, files);
  const { guard, client } = armed;
  const settings = { ...(client && { yarnPath: client }), ...(guard && { plugins: [guard] }) };
  return { files: { ...files, '.yarnrc.yml': JSON.stringify(settings) } };
}

function withoutGuard(manager: Manager, run: Run, files: Files): ProjectGuard {
  const conclusion: Conclusion =
    run.code === 0 && !run.timedOut
      ? {
          status: 'unguarded',
          reason: 'not-loaded',
          message: `${manager} is UNGUARDED: it loads no guard in this project`,
        }
      : failedInProject(manager, run);
  return { files, conclusion, output: run.output };
}

function failedInProject(manager: Manager, { code, timedOut }: Run): Conclusion {
  if (timedOut) return unproven('timed-out', `${manager} did not end, and was stopped`);
  const why = `${manager} failed by itself in this project, exit code ${String(code)}`;
  return unproven('failed', why);
}
