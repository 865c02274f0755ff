import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder } from '@tarwarden/host/home-folder';
import {
  asRecord,
  isOwn,
  lookUp,
  npmLayers,
  npmRoots,
  npmUserConfig,
  readManifest,
  textOfSetting,
  clientContext,
  type SettingsLayer,
  type NpmRun,
} from '@tarwarden/settings';
import { ConfineError } from '../refusal.ts';
import { refuseElsewhere } from '../settings.ts';
import {
  has,
  valueOf,
  type ClientCall,
  type Client,
  type Project,
  type ClientStep,
} from './client.ts';
import { scriptedPackages } from './npm-scripts.ts';

/** Commands of npm that install and then run scripts. `root`: if no package is named, they run the project's scripts too. */
const INSTALLS: Readonly<Record<string, { readonly root: boolean } | undefined>> =
  Object.fromEntries([
    ...words('install add i in ins inst insta instal isnt isnta isntal isntall').map(rootToo),
    ...words('ci clean-install ic install-clean isntall-clean').map(rootToo),
    ...words('update up upgrade udpate uninstall unlink remove rm r un dedupe ddp prune audit').map(
      (name) => [name, { root: false }] as const,
    ),
  ]);

const REBUILDS = new Set(words('rebuild rb'));

/** These commands run scripts between two downloads, or write to the folders of programs on the PATH. */
const NEITHER = new Set(
  words(
    'install-test it install-ci-test cit clean-install-test sit link ln install-scripts approve-scripts',
  ),
);

/** These commands run what the user names, or only ask. */
const WHOLE = new Set(
  words(
    'access adduser author bugs c cache completion config create deny-scripts deprecate diff dist-tag dist-tags docs doctor ' +
      'edit exec explain explore find find-dupes fund get help help-search hlep home info init innit la list ll login ' +
      'logout ls org outdated owner pack ping pkg prefix profile publish query repo restart rum run run-script s sbom se ' +
      'search set set-script shrinkwrap star stars start stop t team test token trust tst undeprecate unpublish unstar ' +
      'urn v verison version view whoami why x',
  ),
);

/** Options about the running of scripts. They hold for the second phase as well. */
const OF_SCRIPTS: Carried = {
  withValue: ['--script-shell', '--loglevel'],
  flags: ['--foreground-scripts', '--silent', '-s'],
};
/** The same options, and those about places and targets. */
const CARRIED: Carried = {
  withValue: ['--prefix', '-C', '--workspace', '-w', ...OF_SCRIPTS.withValue],
  flags: ['--workspaces', '--ws', '-ws', '--include-workspace-root', ...OF_SCRIPTS.flags],
};

interface Carried {
  readonly withValue: readonly string[];
  readonly flags: readonly string[];
}

function words(text: string): string[] {
  return text.split(' ');
}

function rootToo(name: string): readonly [string, { readonly root: boolean }] {
  return [name, { root: true }];
}

export const npm: Client = {
  root: npmRoot,
  folders: (call) => [cacheOf(call)],
  env: (call, { phase, network }) =>
    phase === 'fetch' || network === true ? withoutPrograms(call) : {},
  *steps(project) {
    const { args, root } = project;
    refuseElsewhere(
      npmLayers(runOf(project)).map((layers) => ({
        by: 'cache in .npmrc',
        value: textOfSetting(
          layers.filter((layer) => !isOwn(layer)),
          'cache',
        ),
      })),
      { root, allowed: [cacheOf(project)], where: project },
    );
    const [command = ''] = args;
    if (
      has(args, '-g', '--global', '--location=global') ||
      valueOf(args, '--location') === 'global'
    )
      throw new ConfineError(
        'a global install writes where programs are looked for; it cannot be confined',
      );
    const installs = Object.hasOwn(INSTALLS, command) ? INSTALLS[command] : undefined;
    if (NEITHER.has(command))
      throw new ConfineError(`"npm ${command}" mixes downloads and scripts; run its parts`);
    if (installs !== undefined) yield* install(project, installs);
    else if (REBUILDS.has(command)) yield { args, phase: 'scripts' };
    else if (WHOLE.has(command) || command === '' || command.startsWith('-'))
      yield whole(args, command);
    else throw new ConfineError(`"npm ${command}" is not known to be possible so`);
  },
};

/** Node reads this variable as it is. An empty value would leave the repository's setting in place. */
const NO_NODE_OPTIONS = '--stack-trace-limit=10';

/** The .npmrc of a repository may name another git or shell, or files that Node loads. They would run while the network is there. */
function withoutPrograms(call: ClientCall): NodeJS.ProcessEnv {
  const { env } = call;
  const own = ownLayers(call);
  return {
    npm_config_git: textOfSetting(own, 'git') ?? 'git',
    npm_config_node_options:
      textOfSetting(own, 'node-options') ?? (env['NODE_OPTIONS'] || NO_NODE_OPTIONS),
    npm_config_script_shell: textOfSetting(own, 'script-shell') ?? '/bin/sh',
  };
}

/** With options alone, npm prints its version or its help. */
function whole(args: readonly string[], command: string): ClientStep {
  if (command.startsWith('-') && args.some((arg) => !arg.startsWith('-')))
    throw new ConfineError("npm's command has to come before its options");
  return { args, phase: 'whole' };
}

export const npx: Client = {
  root: npmRoot,
  folders: (call) => [cacheOf(call)],
  *steps({ args }) {
    yield { args, phase: 'whole' };
  },
};

/** npm 10 and the first versions of 11 run "prepare" of a git dependency all the same. The shell that they get does nothing. */
const NO_SCRIPTS = ['--ignore-scripts', '--script-shell=/bin/true'];

/** `npm install` and the like, and then the scripts that npm would have run. */
function* install(project: Project, { root }: { readonly root: boolean }): Generator<ClientStep> {
  const { args } = project;
  const dashes = args.indexOf('--');
  const at = dashes === -1 ? args.length : dashes;
  yield { args: [...args.slice(0, at), ...NO_SCRIPTS, ...args.slice(at)], phase: 'fetch' };
  if (wantsNoScripts(project)) return;
  const carried = carriedOptions(args, CARRIED);
  const found = scriptedPackages(project.root, (name) => registryOf(name, project));
  const reaches = (name: string): boolean => project.networkPackages.includes(name);
  const rebuild = (names: readonly string[], more: Partial<ClientStep> = {}): ClientStep => ({
    args: ['rebuild', ...names, ...carried],
    phase: 'scripts',
    ...more,
  });
  if (found === undefined && hasPackages(project.root)) yield rebuild([]);
  const { required, optional } = found ?? { required: [], optional: [] };
  const own = (name: string): boolean => reaches(name) && found?.renamed.includes(name) !== true;
  // These scripts run first, because other scripts could change what they run.
  for (const name of required.filter(own)) yield rebuild([name], { network: true });
  for (const name of optional.filter(own)) yield rebuild([name], { network: true, optional: name });
  const rest = required.filter((name) => !own(name));
  if (rest.length > 0) yield rebuild(rest);
  for (const name of optional.filter((script) => !own(script)))
    yield rebuild([name], { optional: name });
  if (root && !namesPackages(args)) yield* rootScripts(project);
}

/** With no package, npm makes no list, and "npm rebuild" would run the project's own scripts. */
function hasPackages(root: string): boolean {
  try {
    return readdirSync(join(root, 'node_modules')).some((name) => !name.startsWith('.'));
  } catch {
    return false;
  }
}

/** The project's own scripts in npm's order. `npm run install` runs the scripts before and after it, too. */
function* rootScripts(project: Project): Generator<ClientStep> {
  // `npm run` looks in the workspace that it is started in or that an option names. `npm install` runs the scripts of the root.
  const options = [...carriedOptions(project.args, OF_SCRIPTS), `--prefix=${project.root}`];
  const scripts = asRecord(readManifest(project.root)['scripts']);
  const around = ['preinstall', 'install', 'postinstall'];
  const events = [
    ...(Object.hasOwn(scripts, 'install') ? ['install'] : around),
    'prepublish',
    ...(Object.hasOwn(scripts, 'prepare') ? ['prepare'] : ['preprepare', 'postprepare']),
  ];
  for (const event of events)
    if (Object.hasOwn(scripts, event)) yield { args: ['run', event, ...options], phase: 'scripts' };
}

/** The registry from which the user has a package. Settings of the repository do not count. */
function registryOf(name: string, call: ClientCall): string {
  const own = ownLayers(call);
  const ofScope = name.startsWith('@')
    ? textOfSetting(own, `${name.replace(/\/.*$/, '')}:registry`)
    : undefined;
  return ofScope ?? textOfSetting(own, 'registry') ?? 'https://registry.npmjs.org';
}

function carriedOptions(args: readonly string[], { withValue, flags }: Carried): string[] {
  const carried: string[] = [];
  for (const name of withValue) {
    const value = valueOf(args, name);
    if (value !== undefined) carried.push(name.startsWith('--') ? `${name}=${value}` : name);
    if (value !== undefined && !name.startsWith('--')) carried.push(value);
  }
  return [...carried, ...flags.filter((name) => has(args, name))];
}

/** Whether the user names packages. An argument that may be the value of an option counts as a package. */
function namesPackages([, ...rest]: readonly string[]): boolean {
  const values = new Set(CARRIED.withValue);
  return rest.some((arg, at) => !arg.startsWith('-') && !values.has(rest[at - 1] ?? ''));
}

function wantsNoScripts(project: Project): boolean {
  if (has(project.args, '--dry-run', '--package-lock-only')) return true;
  return lookUp(layersOf(project), 'ignore-scripts')?.value === true;
}

function runOf({ args, cwd, env }: ClientCall): NpmRun {
  return { ...clientContext({ folder: cwd, env }), args };
}

function layersOf(call: ClientCall): readonly SettingsLayer[] {
  return npmLayers(runOf(call))[0]!;
}

/** The settings without those that a repository or another user wrote. */
function ownLayers(call: ClientCall): readonly SettingsLayer[] {
  return layersOf(call).filter(isOwn);
}

export function userConfig({ env }: Pick<ClientCall, 'env'>): string {
  return (
    npmUserConfig(clientContext({ folder: process.cwd(), env })) ?? join(homeFolder(env), '.npmrc')
  );
}

function cacheOf(call: ClientCall): string {
  return textOfSetting(ownLayers(call), 'cache') ?? join(homeFolder(call.env), '.npm');
}

function npmRoot(call: ClientCall): string {
  return npmRoots(runOf(call))[0]!;
}

/** npm's own search: the nearest package, or the workspace that names it. */
export function workspaceRoot(start: string): string {
  return npmRoots(clientContext({ folder: start, env: {} }))[0]!;
}
