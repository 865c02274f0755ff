import { chmodSync, mkdirSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findRealProgram, SHIM_MARK, type Command } from '@tarwarden/guard/run';
import { openFilesBelow, SHOWS_OPEN_FILES } from '../../../support/open-files.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

const NPM = { name: 'npm', windowsScripts: [] };
const SHIM = `#!/bin/sh\n# ${SHIM_MARK}\nexec tarwarden npm "$@"\n`;

let root: string;
freshFolder((made) => (root = made));

function put(path: string, text = '', mode = 0o755): string {
  const file = join(root, path);
  putFile(file, text);
  chmodSync(file, mode);
  return file;
}

const pathOf = (...folders: string[]): string =>
  folders.map((one) => join(root, one)).join(delimiter);

describe.skipIf(process.platform === 'win32')('findRealProgram', () => {
  const program = (folder: string, text = '#!/bin/sh\n', mode = 0o755): string =>
    put(join(folder, 'npm'), text, mode);
  const find = (...folders: string[]): Command | undefined =>
    findRealProgram(NPM, { PATH: pathOf(...folders) }, 'linux');

  test('takes the first on the PATH, without arguments of its own', () => {
    const file = program('a');
    program('b');
    expect(find('a', 'b')).toEqual({ file, args: [] });
    expect(findRealProgram(NPM, { PATH: pathOf('a', 'b') })).toEqual({ file, args: [] });
  });

  test('passes over shims of ours, folders, and files that cannot run', () => {
    program('shim', SHIM);
    program('plain', 'not a program', 0o644);
    mkdirSync(join(root, 'folder', 'npm'), { recursive: true });
    const real = program('real');
    expect(find('shim', 'plain', 'folder', 'missing', 'real')?.file).toBe(real);
  });

  test('looks for the mark of a shim in the first 1024 bytes', () => {
    program('late', `${'#'.repeat(1024 - SHIM_MARK.length)}${SHIM_MARK}`);
    const real = program('later', `${'#'.repeat(1025 - SHIM_MARK.length)}${SHIM_MARK}`);
    expect(find('late', 'later')?.file).toBe(real);
  });

  test('finds none where there is none', () => {
    expect(find('a')).toBeUndefined();
    expect(findRealProgram({ ...NPM, name: 'npx' }, {}, 'linux')).toBeUndefined();
  });

  test('looks nowhere for an empty part of the PATH, which shells take as the current folder', () => {
    const name = relative(process.cwd(), program('a'));
    expect(findRealProgram({ ...NPM, name }, { PATH: delimiter }, 'linux')).toBeUndefined();
  });

  test('knows no PATH by another spelling', () => {
    program('a');
    expect(findRealProgram(NPM, { Path: pathOf('a') }, 'linux')).toBeUndefined();
  });

  test.skipIf(!SHOWS_OPEN_FILES)('leaves no file open', () => {
    program('shim', SHIM);
    program('real');
    find('shim', 'real');
    expect(openFilesBelow(root)).toEqual([]);
  });
});

describe('findRealProgram on Windows', () => {
  const CLI = 'node_modules/npm/bin/npm-cli.js';
  const program = { name: 'npm', windowsScripts: ['old/npm.js', CLI, 'pnpm/pnpm.exe'] };
  const find = (...folders: string[]): Command | undefined =>
    findRealProgram(program, { PATH: pathOf(...folders) }, 'win32');

  test('takes a native program, without arguments of its own', () => {
    const file = put('a/npm.exe');
    put('a/npm.cmd');
    put(`a/${CLI}`);
    expect(find('a')).toEqual({ file, args: [] });
  });

  test('starts the script of a shim by the Node that lies beside it', () => {
    put('a/npm.cmd');
    const script = put(`a/${CLI}`);
    const file = put('a/node.exe');
    expect(find('a')).toEqual({ file, args: [script] });
  });

  test('starts the script of a shim by our own Node where there is none beside it', () => {
    put('a/npm.cmd');
    const script = put(`a/${CLI}`);
    expect(find('a')).toEqual({ file: process.execPath, args: [script] });
  });

  test('takes the first of the scripts that is there', () => {
    put('a/npm.cmd');
    put('a/pnpm/pnpm.exe');
    put(`a/${CLI}`);
    const script = put('a/old/npm.js');
    expect(find('a')?.args).toEqual([script]);
  });

  test('starts a program that a shim stands for by itself', () => {
    put('a/npm.cmd');
    put('a/node.exe');
    const file = put('a/pnpm/pnpm.exe');
    expect(find('a')).toEqual({ file, args: [] });
  });

  test('passes over what is no shim of npm: without a shim, without a script, and those of ours', () => {
    put(`bare/${CLI}`);
    put('hollow/npm.cmd');
    put('ours/npm.cmd', `@rem ${SHIM_MARK}`);
    put(`ours/${CLI}`);
    put('unix/npm');
    put('real/npm.cmd');
    const script = put(`real/${CLI}`);
    expect(find('missing', 'bare', 'hollow', 'ours', 'unix', 'real')?.args).toEqual([script]);
    expect(find('missing', 'bare', 'hollow', 'ours', 'unix')).toBeUndefined();
  });

  test('takes a shim that cannot be read as one that is not ours', () => {
    mkdirSync(join(root, 'a/npm.cmd'), { recursive: true });
    const script = put(`a/${CLI}`);
    expect(find('a')?.args).toEqual([script]);
  });

  test('finds the PATH however it is spelt', () => {
    const file = put('a/npm.exe');
    put('b/npm.exe');
    const env = { Pathext: pathOf('b'), Path: pathOf('a') };
    expect(findRealProgram(program, env, 'win32')?.file).toBe(file);
    expect(findRealProgram(program, { Pathext: pathOf('b') }, 'win32')).toBeUndefined();
  });
});
