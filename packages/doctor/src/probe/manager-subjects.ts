/*
 * Makes each package manager install one package from a file, without scripts, a registry or settings. Some managers choose the folder to
 * unpack in. For these, the project is placed so that the folder has the depth that the canaries need.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CANARY_MODULE, MODULE_VERSION, OUT_VARIABLE } from '@tarwarden/guarded-run/trial-archives';
import type { Component } from '../component.ts';
import { goProxy, packGem, packGo, packNpm, packSdist, packWheel } from './package-archives.ts';
import type { ProbeCommand } from './cage.ts';
import { belowFolder, type ProbeSubject } from './subject.ts';
import type { CanaryFolders } from './watch.ts';

/** Arguments before the file, by manager. */
const ADD: Readonly<Record<string, string>> = {
  npm: 'install --ignore-scripts --offline --no-audit --no-fund --no-update-notifier',
  pnpm: 'add --ignore-scripts --offline',
  yarn: 'add --ignore-scripts --offline --non-interactive --no-lockfile',
  bun: 'add --ignore-scripts',
};

/** Yarn 2 and newer has settings in the place of these options. */
const BERRY_SETTINGS = {
  YARN_IGNORE_PATH: '1',
  YARN_NODE_LINKER: 'node-modules',
  YARN_ENABLE_NETWORK: '0',
  YARN_ENABLE_SCRIPTS: '0',
  YARN_ENABLE_TELEMETRY: '0',
  YARN_ENABLE_IMMUTABLE_INSTALLS: '0',
} as const;

/** The folder in the middle, for a project or a home of packages. */
function middle({ out }: CanaryFolders): string {
  return dirname(dirname(out));
}

function nodeSubject(component: Component, start: ProbeCommand): ProbeSubject[] {
  const berry = component.name === 'yarn' && !component.version.startsWith('1.');
  const args = berry ? 'add' : ADD[component.name];
  if (args === undefined) return [];
  return [
    {
      title: `${component.name} ${component.version}`,
      path: start[0],
      archive: 'tar',
      pack: packNpm,
      command(place, archive) {
        mkdirSync(join(place.root, 'home'), { recursive: true });
        writeFileSync(join(middle(place), 'package.json'), '{"name":"probe","version":"1.0.0"}');
        if (berry) writeFileSync(join(middle(place), 'yarn.lock'), '');
        return [...start, ...args.split(' '), `${berry ? 'canary@' : ''}file:${archive}`];
      },
      home: () => (path) => path.includes('/node_modules/canary/') || path.includes('/home/'),
      cwd: middle,
      ...(berry && { env: () => BERRY_SETTINGS }),
    },
  ];
}

const PIP_INSTALL =
  'install --isolated --disable-pip-version-check --no-input --no-cache-dir --no-index --no-deps --no-compile'.split(
    ' ',
  );

/** From this version on, pip builds with the backend in the sdist. Older ones need setup.py and setuptools. */
const PIP_WITH_BACKENDS = 20;

function pipSubjects({ version, origin }: Component, start: ProbeCommand): ProbeSubject[] {
  const by = origin.kind === 'program' ? ` of Python ${origin.programVersion}` : '';
  const common = {
    path: origin.kind === 'program' ? origin.path : start[0],
    home: ({ out }: CanaryFolders) => belowFolder(out),
    cwd: ({ out }: CanaryFolders) => out,
  };
  const wheel: ProbeSubject = {
    ...common,
    title: `pip ${version}${by} (wheel)`,
    archive: 'zip',
    pack: packWheel,
    command: ({ out }, file) => [...start, ...PIP_INSTALL, '--target', out, file],
    // pip unpacks two levels below the folder for temporary files, and moves the result.
    env: ({ root }) => ({ TMPDIR: root, PIP_CONFIG_FILE: devNull }),
  };
  const sdist: ProbeSubject = {
    ...common,
    title: `pip ${version}${by} (sdist)`,
    archive: 'tar',
    pack: packSdist,
    command: ({ out }, file) => [
      ...start,
      ...PIP_INSTALL,
      '--no-build-isolation',
      '--target',
      out,
      file,
    ],
    env: ({ out }) => ({
      TMPDIR: dirname(out),
      PIP_CONFIG_FILE: devNull,
      [OUT_VARIABLE]: out,
    }),
  };
  return Number.parseInt(version, 10) >= PIP_WITH_BACKENDS ? [wheel, sdist] : [wheel];
}

const GEM_INSTALL = 'install --norc --local --no-document'.split(' ');

const RUN_GEM = ['-rrubygems/gem_runner', '-e', 'Gem::GemRunner.new.run(ARGV)', '--'];

function gemSubject({ version, origin }: Component, start: ProbeCommand): ProbeSubject {
  return {
    title: `RubyGems ${version}`,
    path: origin.kind === 'program' ? origin.path : start[0],
    archive: 'tar',
    pack: packGem,
    command: (place, file) => {
      const options = [...GEM_INSTALL, '--install-dir', middle(place)];
      return [...start, ...RUN_GEM, ...options, file];
    },
    home: (place) => belowFolder(join(middle(place), 'gems', 'canary-1.0.0')),
    cwd: ({ out }) => out,
    env: (place) => ({ GEM_HOME: middle(place), GEM_PATH: middle(place) }),
  };
}

function goSubject({ version, origin }: Component, start: ProbeCommand): ProbeSubject {
  return {
    title: `go ${version}`,
    path: origin.kind === 'program' ? origin.path : start[0],
    archive: 'zip',
    pack: packGo,
    command({ root }) {
      // Otherwise go starts a process for telemetry, which stays.
      const telemetry = join(root, 'home', '.config', 'go', 'telemetry');
      mkdirSync(telemetry, { recursive: true });
      writeFileSync(join(telemetry, 'mode'), 'off');
      return [...start, 'mod', 'download', `${CANARY_MODULE}@${MODULE_VERSION}`];
    },
    home: (place) => belowFolder(join(middle(place), `${CANARY_MODULE}@${MODULE_VERSION}`)),
    cwd: ({ out }) => out,
    env: (place) => ({
      GOENV: 'off',
      GOTOOLCHAIN: 'local',
      GOPROXY: pathToFileURL(goProxy(place)).href,
      GOSUMDB: 'off',
      GOVCS: '*:off',
      GOFLAGS: '-mod=mod -modcacherw',
      GOPATH: join(place.root, 'home', 'go'),
      GOCACHE: join(place.root, 'home', 'go-build'),
      GOMODCACHE: middle(place),
    }),
  };
}

/** The trials of a manager. Empty if there is none for it. */
export function managerSubjects(component: Component, start: ProbeCommand): ProbeSubject[] {
  switch (`${component.ecosystem}/${component.name}`) {
    case 'PyPI/pip':
      return pipSubjects(component, start);
    case 'RubyGems/rubygems-update':
      return [gemSubject(component, start)];
    case 'Go/toolchain':
      return [goSubject(component, start)];
    default:
      return component.ecosystem === 'npm' ? nodeSubject(component, start) : [];
  }
}
