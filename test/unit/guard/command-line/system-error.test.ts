import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemErrorText } from '../../../../packages/guard/src/command-line/system-error.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => {
  folder = made;
});

function errorOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

const system = (code: string, syscall: string, path?: string): Error =>
  Object.assign(new Error(`${code}: ${syscall}`), { code, syscall, ...(path && { path }) });

describe('a problem of the machine is no bug of tarwarden', () => {
  it('names the file, the problem and what to do', () => {
    writeFileSync(join(folder, 'file'), '');
    const error = errorOf(() => mkdirSync(join(folder, 'file/config'), { recursive: true }));
    expect(systemErrorText(error)).toMatch(
      /^cannot create the folder \S+file\/config: a part of the path is a file and not a folder \(ENOTDIR\)\nwhat to do: /,
    );
    expect(systemErrorText(errorOf(() => readFileSync(folder)))).toContain('(EISDIR)');
  });

  it.each([
    ['a read-only home', system('EROFS', 'mkdir', '/home/me/.config'), 'XDG_CONFIG_HOME'],
    ['a folder of another user', system('EACCES', 'open', '/root/x'), 'no permission'],
    ['a full disk', system('ENOSPC', 'write'), 'free some space'],
    ['a working folder that was removed', system('ENOENT', 'uv_cwd'), 'change to a folder'],
    ['a cause', new Error('x', { cause: system('EDQUOT', 'write') }), 'quota'],
  ])('knows %s', (_, error, text) => {
    expect(systemErrorText(error)).toContain(text);
  });

  it('escapes a hostile path', () => {
    expect(systemErrorText(system('EACCES', 'open', '/a\u001B[2J\nb'))).not.toMatch(
      /\u001B|\n(?!what to do)/,
    );
  });

  it.each([new TypeError('x is not a function'), new Error('x'), system('EBADF', 'read'), 'text'])(
    'leaves %s to the report of bugs',
    (error) => {
      expect(systemErrorText(error)).toBeUndefined();
    },
  );
});
