/** The programs whose results docs/conformance.md shows, with the commands that the runner starts. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../programs.ts';

export interface MeasuredProgram {
  readonly id: string;
  readonly title: string;
  /** Options of the runner. */
  readonly options: readonly string[];
  readonly command: readonly string[];
  /** Undefined if the program is not on this machine. */
  readonly version: () => string | undefined;
}

const CLI = fileURLToPath(new URL('../../../packages/cli/bin/tarwarden.js', import.meta.url));

/** The first part of a program's output that looks like a version. */
function printedVersion(program: string, args: readonly string[]): string | undefined {
  if (!existsSync(program) && findProgram(program) === undefined) return undefined;
  const output = execFileSync(program, args, { encoding: 'utf8' });
  return /\d+\.[\d.]*\d/.exec(output)?.[0];
}

/** The system's own Python, also where another one is before it on the PATH. */
const PYTHON = '/usr/bin/python3';

const tarfile = (filter: string): MeasuredProgram => ({
  id: `tarfile-${filter}`,
  title: `Python tarfile, filter \`${filter}\``,
  options: ['--batch', '--formats', 'npm,sdist'],
  command: [PYTHON, '{suite}/examples/python_archives.py', filter],
  version: () => printedVersion(PYTHON, ['--version']),
});

const zips = ['--formats', 'yarn-zip,wheel,gomod'];

export const measuredPrograms: readonly MeasuredProgram[] = [
  {
    id: 'tarwarden',
    title: '`tarwarden scan`',
    options: ['--batch'],
    command: [
      process.execPath,
      CLI,
      'scan',
      '--reporter',
      'ndjson',
      ...['--format', '{format}', '--package', '{package}', '{archives}'],
    ],
    version: () => '',
  },
  {
    id: 'bsdtar',
    title: 'bsdtar',
    options: ['--formats', 'npm,sdist,yarn-zip,wheel,gomod'],
    command: ['bsdtar', '--no-xattrs', '-xf', '{archive}', '-C', '{out}'],
    version: () => printedVersion('bsdtar', ['--version']),
  },
  {
    id: 'gnu-tar',
    title: 'GNU tar',
    options: ['--formats', 'npm,sdist'],
    command: ['tar', '-xf', '{archive}', '-C', '{out}'],
    version: () => printedVersion('tar', ['--version']),
  },
  tarfile('data'),
  tarfile('tar'),
  tarfile('fully_trusted'),
  {
    id: 'zipfile',
    title: 'Python zipfile',
    options: ['--batch', ...zips],
    command: [PYTHON, '{suite}/examples/python_archives.py'],
    version: () => printedVersion(PYTHON, ['--version']),
  },
  {
    id: 'unzip',
    title: 'unzip',
    options: zips,
    command: ['unzip', '-q', '{archive}', '-d', '{out}'],
    version: () => printedVersion('unzip', ['-v']),
  },
  {
    id: 'rubygems',
    title: "RubyGems' Gem::Package",
    options: ['--batch', '--formats', 'gem'],
    command: ['ruby', '{suite}/examples/rubygems_package.rb'],
    version: () => printedVersion('gem', ['--version']),
  },
];

/** The worked examples of the page. Their output on the page is real, and a test runs them again. */
export const EXAMPLES: Readonly<Record<string, { program: string; line: string }>> = {
  bsdtar: {
    program: 'bsdtar',
    line: 'node run.mjs --formats sdist --class links,ordinary -- bsdtar -xf {archive} -C {out}',
  },
  tarfile: {
    program: 'tarfile-data',
    line: `node run.mjs --formats sdist --class links,ordinary --batch -- ${PYTHON} {suite}/examples/python_archives.py data`,
  },
};
