import { realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { YARN_CONFINED } from '@tarwarden/guarded-run';
import { homeFolder } from '@tarwarden/host/home-folder';
import { isWithin } from '@tarwarden/host/real-path';
import {
  isOwn,
  lookUp,
  readText,
  clientContext,
  yarnFiles,
  yarnLayers,
  yarnRoot,
  type SettingsLayer,
  type ClientContext,
} from '@tarwarden/settings';
import { ConfineError } from '../refusal.ts';
import { refuseElsewhere } from '../settings.ts';
import { valueOf, type ClientCall, type Client, type Project, type ClientStep } from './client.ts';
import { keptSecret } from './yarn-secrets.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Commands that take `--mode=skip-build`. */
const INSTALLS = words('install add remove up dedupe');
const NEITHER = words('link unlink unplug upgrade-interactive set patch-commit import');

export const yarn: Client = {
  root: (call) => yarnRoot(startOf(call)),
  folders,
  needs: (call) => settingsOf(call).filter((file) => dirname(file) === homeFolder(call.env)),
  // A script could change a file of the cache by a hard link to it.
  env: ({ env }, { phase }) => ({
    YARN_NM_MODE: env['YARN_NM_MODE'] ?? 'classic',
    [YARN_CONFINED]: phase,
  }),
  *steps(project) {
    const { args } = project;
    refuseOtherFolders(project);
    refuseSecondNames(project);
    refuseKeptSecrets(project);
    const at = args[0] === '--cwd' ? 2 : args[0]?.startsWith('--cwd=') === true ? 1 : 0;
    const command = args[at] ?? 'install';
    const isFocus = command === 'workspaces' && args[at + 1] === 'focus';
    if (NEITHER.has(command) || isFocus)
      throw new ConfineError(`"yarn ${command}" cannot be split into downloads and scripts`);
    if (INSTALLS.has(command) || (command.startsWith('--') && !isQuestion(command)))
      yield* install(project, args[at] === undefined ? [...args, 'install'] : args);
    else if (command === 'rebuild') yield { args, phase: 'scripts' };
    else yield { args, phase: 'whole' };
  },
};

/** Yarn answers these without a project. */
function isQuestion(option: string): boolean {
  return ['--version', '--help', '--clipanion=definitions'].includes(option);
}

function* install({ args }: Project, given: readonly string[]): Generator<ClientStep> {
  yield { args: [...given, '--mode=skip-build'], phase: 'fetch' };
  if (valueOf(args, '--mode') !== undefined) return;
  const cwd = valueOf(given, '--cwd');
  // Yarn records the packages that it has not built, and builds them. Its logs would vanish with the temporary folder.
  yield {
    args: [
      ...(cwd === undefined ? [] : [`--cwd=${cwd}`]),
      'install',
      '--immutable',
      '--inline-builds',
    ],
    phase: 'scripts',
  };
}

/** A second install has no network and must not ask for it. Yarn 3 stops at settings that it does not know. */
export const YARN_OFFLINE: NodeJS.ProcessEnv = {
  YARN_ENABLE_NETWORK: '0',
  YARN_ENABLE_TELEMETRY: '0',
  YARN_ENABLE_HARDENED_MODE: undefined,
};

function folders(call: ClientCall): string[] {
  const home = homeFolder(call.env);
  const [global] = textsOf(call, 'globalFolder', isOwn);
  const data = call.env['XDG_DATA_HOME'];
  return [
    global ?? join(home, '.yarn/berry'),
    ...(global === undefined && data ? [resolve(data, 'yarn/berry')] : []),
    ...textsOf(call, 'cacheFolder', isOwn),
    ...corepack(call),
  ];
}

/** corepack downloads the Yarn that a project names. */
export function corepack({ program, env }: Pick<ClientCall, 'program' | 'env'>): string[] {
  if (!/[\\/]corepack[\\/]/.test(realpathSync(program))) return [];
  const cache = env['XDG_CACHE_HOME'] || join(homeFolder(env), '.cache');
  return [env['COREPACK_HOME'] || join(cache, 'node/corepack')];
}

/** Yarn 3 and 4 read the same files in two ways. Which of them runs is not known here. */
const MAJORS = [3, 4] as const;

function whereIn(call: ClientCall): ClientContext {
  return clientContext({ folder: startOf(call), env: call.env });
}

/**
 * A setting whose origin counts, as each version of Yarn reads it.
 * @throws ConfineError if its value is not known.
 */
function textsOf(
  call: ClientCall,
  name: string,
  counts: (layer: SettingsLayer) => boolean,
): string[] {
  const all = MAJORS.flatMap((major) => {
    const layers = yarnLayers(whereIn(call), major);
    return lookUp(layers.filter(counts), name) ?? [];
  });
  const texts = all.map((found) => {
    if (found.unknown === undefined) return String(found.value);
    const variable = `YARN_${name.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`;
    throw new ConfineError(
      `it is not known what ${name} is: ${found.unknown}; to say what it is: ${variable}=…`,
    );
  });
  return [...new Set(texts)];
}

/** All files of settings that Yarn reads. It also looks in every folder above the project. */
function settingsOf(call: ClientCall): readonly string[] {
  const all = MAJORS.flatMap((major) => yarnFiles(whereIn(call), major));
  return [...new Set(all.map(({ file }) => file))];
}

/** Yarn stops if it cannot read a file of settings. So the user's files cannot be hidden from scripts. */
function refuseKeptSecrets(project: Project): void {
  for (const file of settingsOf(project)) {
    if (isWithin(project.root, file)) continue;
    const name = keptSecret(readText(file)?.text ?? '');
    if (name === undefined) continue;
    throw new ConfineError(
      `${file} holds ${name}, which scripts could read, since Yarn has to; put it into a variable: ${name}: "\${YARN_SECRET-}"`,
    );
  }
}

/** In the project, where scripts write, Yarn makes hard links to files of an index in the global folder. */
function refuseSecondNames(call: ClientCall): void {
  if (textsOf(call, 'nodeLinker', () => true).includes('pnpm'))
    throw new ConfineError(
      'nodeLinker is "pnpm", by which scripts could change files of the global folder; to install with another one: YARN_NODE_LINKER=node-modules',
    );
}

function startOf({ cwd, args }: ClientCall): string {
  return resolve(cwd, valueOf(args.slice(0, 2), '--cwd') ?? '.');
}

function refuseOtherFolders(project: Project): void {
  const { root, env } = project;
  const overruled = { cacheFolder: 'YARN_CACHE_FOLDER', globalFolder: 'YARN_GLOBAL_FOLDER' };
  const named = Object.entries(overruled)
    .filter(([, variable]) => !env[variable])
    .flatMap(([name]) =>
      textsOf(project, name, (layer) => !isOwn(layer)).map((value) => ({
        by: `${name} in .yarnrc.yml`,
        value,
      })),
    );
  refuseElsewhere(named, { root, allowed: folders(project), where: project });
}
