/** The clients beside those of npm: which programs, and what each installs without a guard, alone in a folder for temporary files. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Viewer } from '../../../../packages/explain/src/readers/view.ts';
import { findProgram } from '../../../support/programs.ts';
import { bundleInstall, gemInstall } from './gem.ts';
import { goDownload } from './go.ts';
import { GUARDED, pipInstall, pipUnpack } from './pip.ts';
import type { ClientSample, ClientSeen } from './world.ts';

/** Of the formats that these clients install. */
export type ClientFormat = 'wheel' | 'sdist' | 'gem' | 'gomod';

export const CLIENT_FORMATS: readonly ClientFormat[] = ['wheel', 'sdist', 'gem', 'gomod'];

export interface Client {
  readonly name: string;
  readonly title: string;
  readonly viewer: Viewer;
  readonly formats: readonly ClientFormat[];
  /** How it is started, with its first arguments; undefined where it is not on this machine. */
  readonly command: readonly string[] | undefined;
  /** Its version, and that of what runs it. */
  version(): string;
  install(format: ClientFormat, sample: ClientSample): Promise<ClientSeen>;
}

const pythons = join(
  process.env['PYENV_ROOT'] ?? join(process.env['HOME'] ?? '/', '.pyenv'),
  'versions',
);

/** The Python of pyenv whose pip is of that version. */
function pyenvWith(pip: string): string | undefined {
  if (!existsSync(pythons)) return undefined;
  for (const version of readdirSync(pythons)) {
    const lib = join(pythons, version, 'lib');
    const name = existsSync(lib)
      ? readdirSync(lib).find((one) => /^python3\.\d+$/.test(one))
      : undefined;
    if (name === undefined) continue;
    if (existsSync(join(lib, name, 'site-packages', `pip-${pip}.dist-info`)))
      return join(pythons, version, 'bin/python');
  }
  return undefined;
}

function pip(name: string, title: string, viewer: Viewer, python: string | undefined): Client {
  return {
    name,
    title,
    viewer,
    formats: ['wheel', 'sdist'],
    command: python === undefined ? undefined : [python],
    version: () =>
      printed(python, ['-m', 'pip', '--version']).replace(
        /^pip (\S+) .*\(python (\S+)\)$/,
        '$1 on Python $2',
      ),
    install: (format, sample) =>
      (format === 'wheel' ? pipInstall : pipUnpack)(python ?? '', sample),
  };
}

const ruby = findProgram('ruby');
const RUBY_OWN = ['-I/usr/lib/ruby/3.3.0'];

function gem(name: string, title: string, args: readonly string[]): Client {
  const isThere = ruby !== undefined && args.every((one) => existsSync(one.slice(2)));
  return {
    name,
    title,
    viewer: 'gem',
    formats: ['gem'],
    command: isThere ? [ruby, ...args] : undefined,
    version: () => printed(ruby, [...args, '-S', 'gem', '--version']),
    install: (_format, sample) => gemInstall([ruby ?? '', ...args], sample),
  };
}

const bundle = findProgram('bundle');
const go = findProgram('go');

/** The system's own, which has the newer pip, and not one of pyenv before it on the PATH. */
const SYSTEM = '/usr/bin/python3';
const python = existsSync(SYSTEM) ? SYSTEM : findProgram('python3');

/** The columns, in their order. */
export const CLIENTS: readonly Client[] = [
  pip('pip-25', 'pip 25', 'pip-25', python),
  pip('pip-23', 'pip 23', 'pip-23', pyenvWith('23.2.1')),
  pip('pip-22', 'pip 22', 'pip-23', pyenvWith('22.0.4')),
  gem('gem-3.6', 'gem 3.6', []),
  gem('gem-3.5', 'gem 3.5', RUBY_OWN),
  {
    name: 'bundle-2.6',
    title: 'bundle 2.6',
    viewer: 'gem',
    formats: ['gem'],
    command: bundle === undefined ? undefined : [bundle],
    version: () => printed(bundle, ['--version']).replace(/^Bundler version /, ''),
    install: (_format, sample) => bundleInstall(bundle ?? '', sample),
  },
  {
    name: 'go-1.24',
    title: 'go 1.24',
    viewer: 'go',
    formats: ['gomod'],
    command: go === undefined ? undefined : [go],
    version: () => /go(\d[\d.]*)/.exec(printed(go, ['version']))?.[1] ?? '',
    install: (_format, sample) => goDownload(go ?? '', sample),
  },
];

/** Columns beside them: the first pip under the built guard. */
export const GUARDED_CLIENTS: readonly Client[] = [
  {
    ...pip('guarded-pip-25', 'tarwarden pip', 'pip-25', python),
    install: (format, sample) =>
      (format === 'wheel' ? pipInstall : pipUnpack)(python ?? '', sample, GUARDED),
  },
];

function printed(program: string | undefined, args: readonly string[]): string {
  return program === undefined ? '' : execFileSync(program, args, { encoding: 'utf8' }).trim();
}
