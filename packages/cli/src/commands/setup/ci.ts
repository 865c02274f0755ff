/* Setup in CI: no question, no profile. The later steps of the job get the shims by the way that the service has for it. */
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { quote } from '@tarwarden/core/text';
import { write } from '@tarwarden/guard/command-line';
import { verifyThese } from '../../guard-trials/report.ts';
import { pathVariable } from '@tarwarden/guard/programs';
import { exportLine, fitsOnPath, refuseOtherFiles, type ShimName } from '../../shims/shim-files.ts';
import { applyChanges, notSetUp, realChanges, type FileChange } from '../../edit/file-changes.ts';
import { setupFolders } from './folders.ts';
import { changeLines, managersToGuard, shimChanges, verifiedManagers } from './plan.ts';
import { readProfile } from './profiles.ts';

export interface CiOptions {
  readonly main: string;
  readonly managers: readonly ShimName[] | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly isDryRun: boolean;
  readonly color: boolean | undefined;
}

interface Service {
  readonly name: string;
  /** Variable with a folder that lasts as long as the job. */
  readonly temporary?: string;
  /** Variable with the file that gets the line. Without one, the service takes the line from the output. */
  readonly variable?: string;
  /** The line by which the service takes a folder for the PATH of later steps. */
  readonly line: (folder: string) => string;
}

/** The service of this job; undefined outside of CI. */
export async function ciService(): Promise<Service | undefined> {
  const { default: info } = await import('ci-info');
  if (!info.isCI) return undefined;
  if (info.GITHUB_ACTIONS)
    return {
      name: 'GitHub Actions',
      temporary: 'RUNNER_TEMP',
      variable: 'GITHUB_PATH',
      line: (folder) => folder,
    };
  if (info.AZURE_PIPELINES)
    return {
      name: 'Azure Pipelines',
      temporary: 'AGENT_TEMPDIRECTORY',
      line: (folder) => `##vso[task.prependpath]${folder}`,
    };
  if (info.CIRCLE) return { name: 'CircleCI', variable: 'BASH_ENV', line: exportLine };
  return { name: info.name ?? 'CI', line: exportLine };
}

export async function setUpCi(service: Service, options: CiOptions): Promise<number> {
  // The output of such a service is for a shell, so that everything else goes to standard error.
  const isForShell = service.variable === undefined && service.line === exportLine;
  const print = isForShell ? printError : write;
  try {
    const code = await guardLaterSteps(service, options, print);
    if (isForShell && code !== 0) await write(`exit ${code}\n`);
    return code;
  } catch (error) {
    if (isForShell) await write('exit 2\n');
    throw error;
  }
}

async function guardLaterSteps(
  service: Service,
  { main, managers, env, isDryRun, color }: CiOptions,
  print: (text: string) => Promise<void>,
): Promise<number> {
  const folder = shimsFolder(service, env);
  const names = managersToGuard(managers, env);
  const changes = realChanges([
    ...shimChanges(names, { main, folder }),
    ...pathChange(service, folder, env),
  ]);
  await print(`${service.name}: the later steps of this job get guarded ${names.join(', ')}.\n`);
  await print(changeLines(changes).join(''));
  if (isDryRun) return 0;
  applyChanges(changes);
  const code = await verifyThese({
    managers: verifiedManagers(names),
    cwd: resolve('/'),
    color,
    json: false,
    env: { ...env, PATH: [folder, pathVariable(env)].join(delimiter) },
    print,
  });
  if (service.variable === undefined && code === 0) await write(`${service.line(folder)}\n`);
  return code;
}

/** @throws TarwardenError if the folder is a link or a file, or does not fit on the PATH. */
function shimsFolder({ temporary }: Service, env: NodeJS.ProcessEnv): string {
  const jobs = temporary === undefined ? '' : (env[temporary] ?? '');
  const folder = isAbsolute(jobs) ? join(jobs, 'tarwarden-shims') : setupFolders(env).shims;
  if (!fitsOnPath(folder)) throw notSetUp(`no PATH can hold ${quote(folder)}`);
  refuseOtherFiles([folder]);
  return folder;
}

/** The change of the file from which the service takes the PATH of later steps, if it has one. */
function pathChange(service: Service, folder: string, env: NodeJS.ProcessEnv): FileChange[] {
  const { name, variable } = service;
  if (variable === undefined) return [];
  const path = env[variable] ?? '';
  if (!isAbsolute(path)) throw notSetUp(`${variable} is not set, though this is a job of ${name}`);
  const profile = readProfile(path);
  const lines = profile.before?.toString('latin1').split('\n') ?? [];
  const line = Buffer.from(service.line(folder)).toString('latin1');
  const otherLines = lines.filter(
    (text, index) => text !== line && (text !== '' || index < lines.length - 1),
  );
  const after = [...otherLines, line].map((text) => `${text}\n`).join('');
  return [{ ...profile, after: Buffer.from(after, 'latin1') }];
}

async function printError(text: string): Promise<void> {
  process.stderr.write(text);
}
