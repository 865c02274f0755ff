import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { asRecord, npmProjectRoot, readManifest, readText } from '@tarwarden/clients/settings';
import { ConfineError, pathFrom } from '../paths.ts';
import {
  carried,
  expanded,
  has,
  settingIn,
  userText,
  optionValue,
  withOptions,
  type Client,
  type ClientCall,
  type ClientStep,
  type Project,
} from './client.ts';

/** If no package is named, these commands run the scripts of the project, too. */
const WITH_OWN_SCRIPTS =
  'install add i in ins inst insta instal isnt isnta isntal isntall ci clean-install ic install-clean isntall-clean';

/** Options about the running of scripts. */
const OF_SCRIPTS = {
  withValue: '--script-shell --loglevel',
  flags: '--foreground-scripts --silent -s',
};
/** The same options, and those about places and targets. */
const CARRIED = {
  withValue: `--prefix -C --workspace -w ${OF_SCRIPTS.withValue}`,
  flags: `--workspaces --ws -ws --include-workspace-root ${OF_SCRIPTS.flags}`,
};

const CACHE = {
  options: ['--cache'],
  variables: ['npm_config_cache'],
  files: { '~/.npmrc': 'cache' },
  usual: '~/.npm',
};

export const npm: Client = {
  root: npmRoot,
  folders: [CACHE],
  env: (call, { phase, network }) =>
    phase === 'fetch' || network === true ? ownPrograms(call) : {},
  commands: {
    install: `${WITH_OWN_SCRIPTS} update up upgrade udpate uninstall unlink remove rm r un dedupe ddp prune audit`,
    scripts: 'rebuild rb',
    refused:
      'install-test it install-ci-test cit clean-install-test sit link ln install-scripts approve-scripts',
    // A list, because npm completes the beginning of a name.
    others:
      'access adduser author bugs c cache completion config create deny-scripts deprecate diff dist-tag dist-tags docs doctor ' +
      'edit exec explain explore find find-dupes fund get help help-search hlep home info init innit la list ll login ' +
      'logout ls org outdated owner pack ping pkg prefix profile publish query repo restart rum run run-script s sbom se ' +
      'search set set-script shrinkwrap star stars start stop t team test token trust tst undeprecate unpublish unstar ' +
      'urn v verison version view whoami why x',
  },
  check({ args }) {
    // With options alone, npm prints its version or its help.
    if (args[0]?.startsWith('-') === true && args.some((arg) => !arg.startsWith('-')))
      throw new ConfineError("npm's command has to come before its options");
  },
  install,
};

export const npx: Client = { root: npmRoot, folders: [CACHE] };

function npmRoot({ args, cwd, env }: ClientCall): string {
  const prefix = optionValue(args, '--prefix', '-C');
  return prefix === undefined ? npmProjectRoot(cwd) : pathFrom(prefix, { cwd, env });
}

/** A setting of the user. */
function ownSetting(call: ClientCall, name: string): string | undefined {
  const variables = [`npm_config_${name.replaceAll('-', '_')}`];
  return userText({ options: [`--${name}`], variables, files: { '~/.npmrc': name } }, call);
}

/** Node reads this variable as it is. An empty value would leave the repository's setting in place. */
const NO_NODE_OPTIONS = '--stack-trace-limit=10';

/** The .npmrc of a repository may name another git or shell, or files that Node loads. They would run while the network is there. */
function ownPrograms(call: ClientCall): NodeJS.ProcessEnv {
  return {
    npm_config_git: ownSetting(call, 'git') ?? 'git',
    npm_config_node_options:
      ownSetting(call, 'node-options') ?? (call.env['NODE_OPTIONS'] || NO_NODE_OPTIONS),
    npm_config_script_shell: ownSetting(call, 'script-shell') ?? '/bin/sh',
  };
}

/** npm 10 and the first versions of 11 run "prepare" of a git dependency all the same. The shell that they get does nothing. */
const NO_SCRIPTS = ['--ignore-scripts', '--script-shell=/bin/true'];

/** `npm install` and the like, and then the scripts that npm would have run. */
function* install(project: Project): Generator<ClientStep> {
  const { args } = project;
  yield { args: withOptions(args, ...NO_SCRIPTS), phase: 'fetch' };
  if (has(args, '--dry-run', '--package-lock-only') || wantsNoScripts(project)) return;
  const packages = scriptedPackages(project);
  const rebuild = (names: readonly string[], options: Partial<ClientStep> = {}): ClientStep => ({
    args: ['rebuild', ...names, ...carried(args, CARRIED)],
    phase: 'scripts',
    ...options,
  });
  if (packages === undefined && hasPackages(project.root)) yield rebuild([]);
  const { required, optional, renamed } = packages ?? { required: [], optional: [], renamed: [] };
  const reaches = (name: string): boolean =>
    project.networkPackages.includes(name) && !renamed.includes(name);
  // These scripts run first, because other scripts could change what they run.
  for (const name of required.filter(reaches)) yield rebuild([name], { network: true });
  for (const name of optional.filter(reaches))
    yield rebuild([name], { network: true, optional: name });
  const otherNames = required.filter((name) => !reaches(name));
  if (otherNames.length > 0) yield rebuild(otherNames);
  for (const name of optional.filter((candidate) => !reaches(candidate)))
    yield rebuild([name], { optional: name });
  if (WITH_OWN_SCRIPTS.split(' ').includes(args[0] ?? '') && !namesPackages(args))
    yield* ownScripts(project);
}

function wantsNoScripts({ args, env, root }: Project): boolean {
  if (has(args, '--ignore-scripts')) return true;
  const setting = userText({ variables: ['npm_config_ignore_scripts'] }, { args, env });
  const files = [join(root, '.npmrc'), expanded('~/.npmrc', env)];
  return (setting ?? settingIn(files, 'ignore-scripts', env)) === 'true';
}

/** With no package, npm makes no list, and "npm rebuild" would run the project's own scripts. */
function hasPackages(root: string): boolean {
  try {
    return readdirSync(join(root, 'node_modules')).some((name) => !name.startsWith('.'));
  } catch {
    return false;
  }
}

/** Whether the user names packages. An argument that may be the value of an option counts as a package. */
function namesPackages([, ...following]: readonly string[]): boolean {
  const values = CARRIED.withValue.split(' ');
  return following.some(
    (arg, at) => !arg.startsWith('-') && !values.includes(following[at - 1] ?? ''),
  );
}

/** The project's own scripts in npm's order. `npm run install` runs the scripts before and after it, too. */
function* ownScripts({ args, root }: Project): Generator<ClientStep> {
  // `npm run` looks in the workspace that it is started in or that an option names. `npm install` runs the scripts of the root.
  const options = [...carried(args, OF_SCRIPTS), `--prefix=${root}`];
  const scripts = asRecord(readManifest(root)['scripts']);
  const events = [
    ...(Object.hasOwn(scripts, 'install') ? ['install'] : ['preinstall', 'postinstall']),
    'prepublish',
    ...(Object.hasOwn(scripts, 'prepare') ? ['prepare'] : ['preprepare', 'postprepare']),
  ];
  for (const event of events)
    if (Object.hasOwn(scripts, event)) yield { args: ['run', event, ...options], phase: 'scripts' };
}

/** The packages of an installed tree that have install scripts, by the names that "npm rebuild" takes. */
interface Scripted {
  readonly required: readonly string[];
  /** npm goes on if the scripts of these packages fail. */
  readonly optional: readonly string[];
  /** Names whose folder does not hold the package that the user's registry has under that name. */
  readonly renamed: readonly string[];
}

interface Entry {
  /** The name in package.json, if the folder has another one. */
  readonly name?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
}

/** npm itself writes a list of the packages that it installed, and of those with scripts, into node_modules. */
const LIST = 'node_modules/.package-lock.json';
const LIST_BYTES_MAX = 64 * 1024 * 1024;

/** Undefined if npm left no list. */
function scriptedPackages(project: Project): Scripted | undefined {
  const packages = installedPackages(project.root);
  if (packages === undefined) return undefined;
  // Folders of the workspace have scripts of their own, among them "prepare". The list does not mention those.
  const scripted = packages.filter(
    ([path, { hasInstallScript, link }]) =>
      path.includes('node_modules/') && (hasInstallScript === true || link === true),
  );
  const names = (entries: typeof packages): string[] => [
    ...new Set(entries.map(([path]) => packageName(path))),
  ];
  const required = names(scripted.filter(([, { optional }]) => optional !== true));
  return {
    required,
    optional: names(scripted).filter((name) => !required.includes(name)),
    renamed: names(packages.filter(([path, entry]) => isRenamed(path, entry, project))),
  };
}

function installedPackages(root: string): [string, Entry][] | undefined {
  try {
    const text = readText(join(root, LIST), LIST_BYTES_MAX)?.text ?? '';
    const { packages } = JSON.parse(text) as { packages?: Record<string, Entry> };
    return packages && Object.entries(packages);
  } catch {
    return undefined;
  }
}

/** A registry has the archives of a package below its name, `…/name/-/name-1.0.0.tgz`. */
function isRenamed(path: string, { name, resolved = '', link }: Entry, call: ClientCall): boolean {
  const folder = packageName(path);
  const scope = /^@[^/]+/.exec(folder)?.[0];
  const registry =
    (scope && userText({ files: { '~/.npmrc': `${scope}:registry` } }, call)) ??
    ownSetting(call, 'registry') ??
    'https://registry.npmjs.org';
  const archives = `${registry.replace(/\/$/, '')}/${folder}/-/`;
  const isOther = name !== undefined && name !== folder;
  return link === true || isOther || !resolved.replaceAll(/%2f/gi, '/').startsWith(archives);
}

function packageName(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
