import { isShim, programsOnPath } from '@tarwarden/guarded-run';
import { VERIFY_OPTIONS } from '../commands/verify/definition.ts';
import type { ArchiveTrial } from './archive-trial.ts';
import { bundleTrial, gemTrial } from './gem-trial.ts';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { join, dirname } from 'node:path';
import {
  canaryWheel,
  cleanWheel,
  wheelModule,
  canaryModule,
  cleanModule,
  goMod,
  MODULE_HOST,
  modulePath,
  moduleProxyFiles,
  moduleWithVersion,
  MODULE_VERSION,
} from '@tarwarden/guarded-run/trial-archives';
import { pathToFileURL } from 'node:url';

const PROXY = 'proxy';
const CACHE = 'gomodcache';

const goTrial: ArchiveTrial = {
  format: 'gomod',
  canary: (name) => ({ fileName: `${MODULE_VERSION}.zip`, bytes: canaryModule(name) }),
  clean: (name) => ({ fileName: `${MODULE_VERSION}.zip`, bytes: cleanModule(name) }),
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

export const pipTrial: ArchiveTrial = {
  format: 'wheel',
  canary: canaryWheel,
  clean: cleanWheel,
  write({ project, archive: { fileName, bytes } }) {
    mkdirSync(join(project, WHEELS));
    writeFileSync(join(project, WHEELS, fileName), bytes);
  },
  arguments(manager, name) {
    const install = ['install', '--no-index', '--find-links', WHEELS];
    const kept = ['--no-deps', '--no-cache-dir', '--disable-pip-version-check', '--target', TARGET];
    const pip = manager.startsWith('python') ? ['-m', 'pip'] : [];
    return [...pip, ...install, ...kept, `${name}==1.0.0`];
  },
  // PIP_PYTHON stays, because it decides which pip runs.
  environment(env) {
    const kept = Object.entries(env).filter(
      ([name]) =>
        !/^(?:PIP_|TARWARDEN_INSPECTOR)/i.test(name) || name.toUpperCase() === 'PIP_PYTHON',
    );
    return { ...Object.fromEntries(kept), PIP_CONFIG_FILE: devNull };
  },
  installed: (project, name) => existsSync(join(project, TARGET, wheelModule(name))),
  // The guard makes pip print this first line of its report.
  isRefusal: (output, name) => output.includes(`tarwarden: refused ${name}@1.0.0:`),
};

/** The commands that `verify` tries, by name. */
export const MANAGERS: typeof VERIFY_OPTIONS.manager.choices = VERIFY_OPTIONS.manager.choices;

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
