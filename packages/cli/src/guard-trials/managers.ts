import { isShim, programsOnPath } from '@tarwarden/guard/run';
import { definition } from '../commands/verify/definition.ts';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import type { Format } from '@tarwarden/core';
import { devNull } from 'node:os';
import { join, dirname } from 'node:path';
import {
  gemFileName,
  trialGem,
  trialModule,
  trialWheel,
  type TrialArchive,
  type TrialKind,
  wheelModule,
  goMod,
  MODULE_HOST,
  modulePath,
  moduleProxyFiles,
  moduleWithVersion,
  MODULE_VERSION,
} from '@tarwarden/guard/trial-archives';
import { pathToFileURL } from 'node:url';

/** The way in which a client installs one archive in a folder of its own. */
interface ArchiveTrial {
  readonly format: Format;
  readonly archive: (name: string, kind: TrialKind) => TrialArchive;
  readonly write: (into: {
    readonly project: string;
    readonly name: string;
    readonly archive: TrialArchive;
  }) => void;
  readonly arguments: (manager: string, name: string) => string[];
  /** The environment without settings that lead out of the trial. Variables that decide about the guard stay. */
  readonly environment: (env: NodeJS.ProcessEnv, project: string) => NodeJS.ProcessEnv;
  readonly installed: (project: string, name: string) => boolean;
  /** Whether the output shows that the guard refused the archive. */
  readonly isRefusal: (output: string, name: string) => boolean;
}

const PROXY = 'proxy';
const CACHE = 'gomodcache';

const goTrial: ArchiveTrial = {
  format: 'gomod',
  archive: trialModule,
  write({ project, name, archive: { bytes } }) {
    const path = modulePath(name);
    for (const [file, content] of moduleProxyFiles(path, bytes)) {
      mkdirSync(join(project, PROXY, dirname(file)), { recursive: true });
      writeFileSync(join(project, PROXY, file), content);
    }
    const needing = `${goMod(`${MODULE_HOST}/verify`)}\nrequire ${path} ${MODULE_VERSION}\n`;
    writeFileSync(join(project, 'go.mod'), needing);
  },
  arguments: () => ['mod', 'download'],
  environment: (env, project) => ({
    ...env,
    GOPROXY: pathToFileURL(join(project, PROXY)).href,
    GONOPROXY: 'none',
    GOPRIVATE: '',
    GOSUMDB: 'off',
    GOMODCACHE: join(project, CACHE),
    GOPATH: join(project, 'gopath'),
    GOCACHE: join(project, 'go-build'),
    GOFLAGS: '-mod=mod -modcacherw',
    GO111MODULE: 'on',
    GOWORK: 'off',
    GOTOOLCHAIN: 'local',
  }),
  installed: (project, name) => existsSync(join(project, CACHE, moduleWithVersion(name))),
  isRefusal: (output, name) => output.includes(`tarwarden: refused ${moduleWithVersion(name)}:`),
};

const WHEELS = 'wheels';
const TARGET = 'site';

const pipTrial: ArchiveTrial = {
  format: 'wheel',
  archive: trialWheel,
  write({ project, archive: { fileName, bytes } }) {
    mkdirSync(join(project, WHEELS));
    writeFileSync(join(project, WHEELS, fileName), bytes);
  },
  arguments(manager, name) {
    const install = ['install', '--no-index', '--find-links', WHEELS];
    const options = [
      '--no-deps',
      '--no-cache-dir',
      '--disable-pip-version-check',
      '--target',
      TARGET,
    ];
    const pip = manager.startsWith('python') ? ['-m', 'pip'] : [];
    return [...pip, ...install, ...options, `${name}==1.0.0`];
  },
  // PIP_PYTHON stays, because it decides which pip runs.
  environment(env) {
    const keptVariables = Object.entries(env).filter(
      ([name]) =>
        !/^(?:PIP_|TARWARDEN_INSPECTOR)/i.test(name) || name.toUpperCase() === 'PIP_PYTHON',
    );
    return { ...Object.fromEntries(keptVariables), PIP_CONFIG_FILE: devNull };
  },
  installed: (project, name) => existsSync(join(project, TARGET, wheelModule(name))),
  // The guard makes pip print this first line of its report.
  isRefusal: (output, name) => output.includes(`tarwarden: refused ${name}@1.0.0:`),
};

const GEM = { format: 'gem', archive: trialGem } as const;

/** If Bundler has resolved the gem by its name, the guard names it in the other form. */
function isGemRefusal(output: string, name: string): boolean {
  return [gemFileName(name), `${name}@1.0.0`].some((spelling) =>
    output.includes(`tarwarden: refused ${spelling}:`),
  );
}

/** The environment without settings that lead elsewhere on disk. RUBYOPT stays, because it may hold the guard. */
function rubyEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const keptVariables = Object.entries(env).filter(
    ([name]) => !/^(?:BUNDLE|GEMRC|TARWARDEN_INSPECTOR)/.test(name),
  );
  return Object.fromEntries(keptVariables);
}

/* gem and Bundler install gems from files, so that no server is needed. */

const gemTrial: ArchiveTrial = {
  ...GEM,
  write({ project, archive: { fileName, bytes } }) {
    writeFileSync(join(project, fileName), bytes);
  },
  arguments: (_, name) => [
    'install',
    '--norc',
    '--local',
    '--no-document',
    '--install-dir',
    TARGET,
    `./${gemFileName(name)}`,
  ],
  environment: rubyEnvironment,
  installed: (project, name) => existsSync(join(project, TARGET, 'gems', `${name}-1.0.0`)),
  isRefusal: isGemRefusal,
};

const bundleTrial: ArchiveTrial = {
  ...GEM,
  write({ project, name, archive: { fileName, bytes } }) {
    const cache = join(project, 'vendor/cache');
    mkdirSync(cache, { recursive: true });
    writeFileSync(join(cache, fileName), bytes);
    // With --local, Bundler does not ask the source.
    const lines = [`source 'https://rubygems.org'`, `gem '${name}'`];
    writeFileSync(join(project, 'Gemfile'), `${lines.join('\n')}\n`);
  },
  arguments: () => ['install', '--local'],
  environment: (env, project) => ({
    ...rubyEnvironment(env),
    BUNDLE_APP_CONFIG: join(project, '.bundle'),
    BUNDLE_GEMFILE: join(project, 'Gemfile'),
    BUNDLE_PATH: TARGET,
    BUNDLE_USER_HOME: join(project, 'home'),
    BUNDLE_SILENCE_ROOT_WARNING: '1',
  }),
  // The gems are in a folder that is named after the version of Ruby.
  installed(project, name) {
    const site = join(project, TARGET, 'ruby');
    return (
      existsSync(site) &&
      readdirSync(site).some((abi) => existsSync(join(site, abi, 'gems', `${name}-1.0.0`)))
    );
  },
  isRefusal: isGemRefusal,
};

export const MANAGERS = definition.options.manager.choices;

export type Manager = (typeof MANAGERS)[number];

/** Clients of other ecosystems than npm's. `verify` tries them with archives in files and without a registry. */
const ARCHIVE_TRIALS: Readonly<Partial<Record<Manager, ArchiveTrial>>> = {
  pip: pipTrial,
  pip3: pipTrial,
  python: pipTrial,
  python3: pipTrial,
  gem: gemTrial,
  bundle: bundleTrial,
  go: goTrial,
};

/** Undefined for the managers of npm's ecosystem, which get a registry. */
export function archiveTrial(manager: Manager): ArchiveTrial | undefined {
  return ARCHIVE_TRIALS[manager];
}

/** The arguments with which a manager installs the one package of a project, or runs it. */
export function argumentsFor(manager: Manager, name: string): string[] {
  const trial = archiveTrial(manager);
  if (trial !== undefined) return trial.arguments(manager, name);
  return manager === 'npx' ? ['--yes', `${name}@1.0.0`] : ['install'];
}

/** These are tried whenever they are on the PATH. The others are on many a PATH where nobody wants a guard for them. */
const TRIED_UNASKED: ReadonlySet<Manager> = new Set(['npm', 'npx', 'pnpm', 'yarn']);

/** Whether a manager is tried if the user names none: it is on the PATH and, outside of npm's ecosystem, has a shim there. */
export function isTried(manager: Manager, env: NodeJS.ProcessEnv): boolean {
  const programs = programsOnPath(manager, env);
  const hasShim = programs.some((file) => isShim(file));
  if (!TRIED_UNASKED.has(manager) && !hasShim) return false;
  // A shim runs the program behind it.
  return programs.some((file) => !isShim(file));
}
