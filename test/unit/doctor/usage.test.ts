/** Which programs a project uses. The others do not decide the exit code. */
import { describe, expect, it } from 'vitest';
import { markIdle, withoutIdle } from '../../../packages/doctor/src/find/usage.ts';
import { findInLockfiles } from '../../../packages/doctor/src/find/lockfiles.ts';
import { putFiles } from '../../support/put-file.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { bundled, locked } from './records.ts';
import { join } from 'node:path';

let folder: string;
freshFolder((made) => (folder = made));

const PROGRAMS = ['npm', 'pnpm', 'yarn', 'bun', 'python', 'uv', 'ruby', 'go'];
const all = PROGRAMS.map((program) => bundled({}, { program, itself: true }));
const problems = PROGRAMS.map((program) => ({ message: 'x', program }));

function used(where = folder): string[] {
  const found = markIdle({ components: [...all, locked()], problems }, [where]);
  const programs = found.components.flatMap(({ origin }) =>
    origin.kind === 'program' && origin.idle !== true ? [origin.program] : [],
  );
  expect(found.problems.filter(({ idle }) => idle !== true).map(({ program }) => program)).toEqual(
    programs,
  );
  expect(found.components.at(-1)).toEqual(locked());
  return programs;
}

describe('a project uses', () => {
  it.each([
    [['package.json'], ['npm']],
    [['package.json', 'package-lock.json'], ['npm']],
    [['package.json', 'pnpm-lock.yaml'], ['pnpm']],
    [['package.json', 'yarn.lock'], ['yarn']],
    [['package.json', 'bun.lock'], ['bun']],
    [
      ['package.json', 'package-lock.json', 'yarn.lock'],
      ['npm', 'yarn'],
    ],
    [['requirements-dev.txt'], ['python', 'uv']],
    [
      ['Gemfile', 'package.json'],
      ['npm', 'ruby'],
    ],
    [['go.mod'], ['go']],
  ])('%j: %j', (names, programs) => {
    putFiles(folder, Object.fromEntries(names.map((name) => [name, '{}'])));
    expect(used()).toEqual(programs);
  });

  it('what packageManager names, and not npm besides', () => {
    putFiles(folder, { 'package.json': { packageManager: 'pnpm@10.0.0' } });
    expect(used()).toEqual(['pnpm']);
  });

  it('what the root of its workspace says', () => {
    putFiles(folder, { 'pnpm-workspace.yaml': '', 'pnpm-lock.yaml': '', 'a/package.json': {} });
    expect(used(join(folder, 'a'))).toEqual(['pnpm']);
  });

  it('everything, if nothing says it', () => {
    putFiles(folder, { 'README.md': '' });
    expect(used()).toEqual(PROGRAMS);
  });
});

it('an older Bundler is used if a Gemfile.lock names it', () => {
  const old = bundled(
    { ecosystem: 'RubyGems', name: 'bundler', version: '2.5.22' },
    { program: 'ruby', idle: true },
  );
  const idle = (text: string): boolean => {
    putFiles(folder, { 'Gemfile.lock': text });
    const [found] = markIdle({ components: [old], problems: [] }, [folder]).components;
    return found?.origin.kind === 'program' && found.origin.idle === true;
  };
  expect(idle('GEM\n\nBUNDLED WITH\n   2.5.22\n')).toBe(false);
  expect(idle('GEM\n\nBUNDLED WITH\n   2.6.7\n')).toBe(true);
});

it('the lockfile of a workspace is found from the folder of a package', () => {
  putFiles(folder, {
    'package.json': { workspaces: ['a'] },
    'package-lock.json': {
      lockfileVersion: 3,
      packages: { 'node_modules/tar': { version: '6.0.0' } },
    },
    'a/package.json': {},
    'a/requirements.txt': '',
  });
  const { components } = findInLockfiles({ folder: join(folder, 'a'), watches: () => true });
  expect(components).toMatchObject([{ name: 'tar', version: '6.0.0' }]);
});

it('everything counts where the whole machine is examined', () => {
  putFiles(folder, { 'go.mod': '' });
  const marked = markIdle({ components: all, problems }, [folder]);
  expect(withoutIdle(marked)).toEqual({ components: all, problems });
});
