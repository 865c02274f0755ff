import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import * as nodeModule from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { compiledCodeVariables } from '../../../packages/guarded-run/src/compiled-code.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

const OFF = { DISABLE_V8_COMPILE_CACHE: '1', NODE_DISABLE_COMPILE_CACHE: '1' };
const ON = { DISABLE_V8_COMPILE_CACHE: '1' };

let temporary: string;
let folder: string;
freshFolder((fresh) => {
  temporary = fresh;
  folder = join(temporary, 'node-compile-cache');
});

/** What a client gets whose temporary folder is this. */
const variables = (env: NodeJS.ProcessEnv = {}) =>
  compiledCodeVariables({ HOME: '/nowhere', TMPDIR: temporary, ...env });

describe.skipIf(process.getuid === undefined)('compiled code', () => {
  test.each([0o700, 0o755])('is used from a folder that only we can write: %o', (mode) => {
    mkdirSync(join(folder, 'v24'), { recursive: true });
    chmodSync(folder, mode);
    expect(variables()).toEqual(ON);
  });

  test('has a folder made for it where Node would make one', () => {
    const keeps = 'enableCompileCache' in nodeModule;
    expect(variables()).toEqual(keeps ? ON : OFF);
    expect(existsSync(folder)).toBe(keeps);
    if (keeps) expect(lstatSync(folder).mode & 0o777).toBe(0o700);
  });

  test.each([
    ['others can write', () => chmodSync(folder, 0o777)],
    ['its group can write', () => chmodSync(folder, 0o770)],
    [
      'others can write in it',
      () => {
        mkdirSync(join(folder, 'v24'));
        chmodSync(join(folder, 'v24'), 0o777);
      },
    ],
    ['it lies where others can replace it', () => chmodSync(temporary, 0o777)],
    [
      'it leads elsewhere',
      () => {
        rmSync(folder, { recursive: true });
        mkdirSync(join(temporary, 'other'));
        symlinkSync('other', folder);
      },
    ],
    [
      'it is a file',
      () => {
        rmSync(folder, { recursive: true });
        writeFileSync(folder, '');
      },
    ],
    [
      'it is another user’s',
      () => {
        const ours = process.getuid?.() ?? 0;
        vi.spyOn(process, 'getuid').mockReturnValue(ours + 1);
      },
    ],
  ])('is not used where %s', (_, make) => {
    mkdirSync(folder);
    make();
    expect(variables()).toEqual(OFF);
  });

  test('is not used by what is confined, and nothing is made for it', () => {
    expect(compiledCodeVariables({ HOME: '/nowhere', TMPDIR: temporary }, true)).toEqual(OFF);
    expect(existsSync(folder)).toBe(false);
  });

  test('is used in a sticky folder that all can write', () => {
    mkdirSync(folder);
    chmodSync(temporary, 0o1777);
    expect(variables()).toEqual(ON);
  });

  test('is not used where the temporary folder is missing', () => {
    expect(variables({ TMPDIR: join(temporary, 'none') })).toEqual(OFF);
  });

  test.each([
    ['NODE_COMPILE_CACHE', '/mine'],
    ['NODE_DISABLE_COMPILE_CACHE', '1'],
  ])('is left to the user who has set %s', (name, value) => {
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    expect(variables({ [name]: value })).toEqual(ON);
    expect(variables({ [name]: '' })).toEqual(OFF);
  });

  test.each(['TMPDIR', 'TMP', 'TEMP'])('is looked for where %s says', (name) => {
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    expect(compiledCodeVariables({ HOME: '/nowhere', [name]: `${temporary}/` })).toEqual(OFF);
    expect(dirname(folder)).toBe(temporary);
  });
});

test('is not looked at on Windows, where the profile’s rights hold', () => {
  const { getuid } = process;
  try {
    Object.assign(process, { getuid: undefined });
    expect(compiledCodeVariables({})).toEqual({});
  } finally {
    Object.assign(process, { getuid });
  }
});
