/** What setup changes on disk: profiles that it refuses, folders that others could write to, and changes that are taken back. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyChanges, type FileChange } from '../../../../packages/cli/src/edit/file-changes.ts';
import {
  refuseProjectsCommand,
  setupFolders,
} from '../../../../packages/cli/src/commands/setup/folders.ts';
import {
  chosenShell,
  profilesOf,
  readProfile,
  withLineOf,
  withoutLineOf,
} from '../../../../packages/cli/src/commands/setup/profiles.ts';
import { refuseOtherFiles } from '../../../../packages/cli/src/shims/shim-files.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

const BASH = { name: 'bash', program: '/bin/bash' } as const;

describe.skipIf(process.platform === 'win32')('in a home folder', () => {
  let home: string;
  freshFolder((folder) => (home = folder));
  const at = (...path: string[]): string => join(home, ...path);
  const bashFiles = (): string[] => profilesOf(BASH, home, {}).map(({ path }) => path);

  describe('setup does not change a profile that', () => {
    it('is a folder', () => {
      mkdirSync(at('.bashrc'));
      expect(() => readProfile(at('.bashrc'))).toThrow(/is a folder.*Nothing was changed/);
    });

    it('is a link to nothing', () => {
      symlinkSync('nowhere', at('.bashrc'));
      expect(() => readProfile(at('.bashrc'))).toThrow(/is a link to a file that does not exist/);
    });

    it('is read-only', () => {
      putFile(at('.bashrc'), '');
      chmodSync(at('.bashrc'), 0o444);
      expect(() => readProfile(at('.bashrc'))).toThrow(/is read-only/);
    });

    it('ends with a backslash, with which the line would become a part of the last one', () => {
      putFile(at('.bashrc'), 'export A=1 \\\n');
      const profile = readProfile(at('.bashrc'));
      expect(() => withLineOf(profile, 'bash', setupFolders({ HOME: home }))).toThrow(/backslash/);
    });

    it('has a line of setup that somebody has changed', () => {
      putFile(at('.bashrc'), 'a\n# if false; fi # tarwarden setup: this line\n');
      const message = /line 2 of .*\.bashrc.* has the mark of setup.*delete that line/;
      const profile = readProfile(at('.bashrc'));
      expect(() => withLineOf(profile, 'bash', setupFolders({ HOME: home }))).toThrow(message);
      expect(() => withoutLineOf(at('.bashrc'))).toThrow(message);
    });
  });

  it('writes to the file that a link leads to, and keeps the link and the permissions', () => {
    putFile(at('dotfiles/bashrc'), 'export A=1');
    chmodSync(at('dotfiles/bashrc'), 0o640);
    symlinkSync('dotfiles/bashrc', at('.bashrc'));
    applyChanges([withLineOf(readProfile(at('.bashrc')), 'bash', setupFolders({ HOME: home }))]);
    expect(readFileSync(at('dotfiles/bashrc'), 'utf8')).toMatch(/^export A=1\nif \[ -r /);
    applyChanges([withoutLineOf(at('.bashrc'))!.change]);
    expect(readFileSync(at('dotfiles/bashrc'), 'utf8')).toBe('export A=1');
    expect(lstatSync(at('.bashrc')).isSymbolicLink()).toBe(true);
    expect(lstatSync(at('dotfiles/bashrc')).mode & 0o777).toBe(0o640);
  });

  describe('bash reads for a login shell', () => {
    it('.profile, which is made if there is none', () => {
      expect(bashFiles()).toEqual([at('.bashrc'), at('.profile')]);
    });

    it('the first of three files', () => {
      putFile(at('.bash_login'), 'export A=1\n');
      putFile(at('.profile'), '');
      expect(bashFiles()).toEqual([at('.bashrc'), at('.bash_login')]);
    });
  });

  it('says which shells it knows', () => {
    for (const [shell, named] of [
      ['', '$SHELL is not set'],
      ['/bin/dash', '/bin/dash'],
    ] as const)
      expect(() => chosenShell(undefined, { SHELL: shell })).toThrow(named);
  });

  describe('the folders of setup', () => {
    it.each([
      ['', /HOME is not set/],
      ['home', /no absolute path/],
      ['/nowhere/home', /there is no such folder/],
    ])('are not known for HOME=%j', (value, message) => {
      expect(() => setupFolders({ HOME: value })).toThrow(message);
    });

    it.each(['new\nline', 'co:lon', 'escape\u001B[2J'])('cannot be in %j', (name) => {
      mkdirSync(at(name));
      expect(() => setupFolders({ HOME: at(name) })).toThrow(/no PATH can hold/);
    });

    it('may not be those of a command that belongs to the project', () => {
      mkdirSync(at('project/packages/a'), { recursive: true });
      symlinkSync('project', at('link'));
      const dependency = at(
        'project/node_modules/.pnpm/tarwarden@1.0.0/node_modules/tarwarden/m.js',
      );
      for (const cwd of ['project', 'project/packages/a', 'link'])
        expect(() => refuseProjectsCommand(dependency, at(cwd))).toThrow(
          /dependency of the project in ".*project".*Install the command for yourself/,
        );
      const own = ['.local/lib/node_modules/tarwarden/m.js', 'clone/packages/cli/bin/m.js'];
      for (const main of own)
        expect(() => refuseProjectsCommand(at(main), at('project'))).not.toThrow();
    });

    it('may not be links', () => {
      mkdirSync(at('real'));
      symlinkSync('real', at('link'));
      expect(() => refuseOtherFiles([at('link')])).toThrow(/is a link/);
      expect(() => refuseOtherFiles([at('real'), at('nothing')])).not.toThrow();
    });
  });

  describe('changes', () => {
    const change = (path: string, before?: string, after?: string): FileChange => ({
      path,
      real: path,
      before: before === undefined ? undefined : Buffer.from(before),
      after: after === undefined ? undefined : Buffer.from(after),
    });

    it('are taken back, with the folders that were made, if one of them fails', () => {
      putFile(at('old'), 'old');
      putFile(at('gone'), 'gone');
      putFile(at('file'), '');
      const changes = [
        change(at('old'), 'old', 'new'),
        change(at('gone'), 'gone'),
        change(at('a/b/c'), undefined, 'c'),
        change(at('file/d'), undefined, 'd'),
      ];
      expect(() => applyChanges(changes)).toThrow(/Nothing was changed/);
      expect(readFileSync(at('old'), 'utf8')).toBe('old');
      expect(readFileSync(at('gone'), 'utf8')).toBe('gone');
      expect(readdirSync(home).toSorted()).toEqual(['file', 'gone', 'old']);
    });

    it('are not made to a file that was edited while the question was open', () => {
      putFile(at('old'), 'edited');
      expect(() => applyChanges([change(at('old'), 'old', 'new')])).toThrow(/changed meanwhile/);
      expect(readFileSync(at('old'), 'utf8')).toBe('edited');
    });

    it('say what cannot be written', () => {
      writeFileSync(at('x'), '');
      expect(existsSync('/proc/self')).toBe(process.platform === 'linux');
      if (process.platform !== 'linux') return;
      expect(() => applyChanges([change('/proc/self/new/file', undefined, '')])).toThrow(
        /\/proc\/self\/new.* cannot be written \(E[A-Z]+\). Nothing was changed/,
      );
    });
  });
});
