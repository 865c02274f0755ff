/**
 * Programs beside Node, npm and git that some tests need. Such a test has the program's name as a tag, as in `// @module-tag ruby` at
 * the top of a file. Where the program is missing, vitest.config.ts has the test skipped, and the reporter says how many were.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findProgram } from './programs.ts';

/** Turns a missing program into an error: no test may be skipped for it. */
const REQUIRED = 'TARWARDEN_TEST_REQUIRE_PROGRAMS';

const onPath = (...names: readonly string[]): boolean =>
  names.every((name) => findProgram(name) !== undefined);

/** Whether a command of the PATH ends with 0. */
function succeeds(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** By the tag of the tests that need it. `scripts/system-packages.sh` installs all of them. */
const checks: Readonly<Record<string, () => boolean>> = {
  bsdtar: () => onPath('bsdtar'),
  compiler: () => onPath('make', 'g++', 'python3'),
  fish: () => onPath('fish'),
  go: () => onPath('go'),
  'go-mod': () => onPath('go') && existsSync('/usr/share/gocode/src/golang.org/x/mod/zip'),
  openssl: () => onPath('openssl'),
  perl: () => onPath('perl'),
  pip: () => onPath('python3') && succeeds('/usr/bin/python3', ['-m', 'pip', '--version']),
  python: () => onPath('python3'),
  redis: () => onPath('redis-server') || onPath('valkey-server'),
  ruby: () => onPath('ruby', 'gem', 'bundle'),
  zsh: () => onPath('zsh'),
};

/** The tags of programs that this machine has not got. */
export const missingPrograms: readonly string[] = Object.keys(checks).filter(
  (tag) => !checks[tag]!(),
);

if (process.env[REQUIRED] === '1' && missingPrograms.length > 0)
  throw new Error(
    `${REQUIRED} is set, and these programs are missing: ${missingPrograms.join(', ')}. Run scripts/system-packages.sh.`,
  );

/** The tags for vitest: each of them skips its tests where the program is missing. */
export const programTags: readonly { readonly name: string; readonly skip?: true }[] = Object.keys(
  checks,
).map((name) => (missingPrograms.includes(name) ? { name, skip: true } : { name }));
