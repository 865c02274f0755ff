import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TarwardenError } from '@tarwarden/core';
import { loadPolicy } from '@tarwarden/host';

/** Users that no machine knows. */
const ME = 54_321;
const MALLORY = 54_322;

/** A thread, as Stryker runs tests in, cannot change the user of its process. */
const mayBeAnybody = process.getuid?.() === 0 && isMainThread;

/** The folder for temporary files may be one that only this user may enter. */
const temporary = mayBeAnybody ? '/tmp' : tmpdir();

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(temporary, 'tarwarden-owner-')));
  chmodSync(root, 0o755);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Put {
  uid?: number;
  gid?: number;
  mode?: number;
}

/** Writes a file; its folders are made for the same user, and nobody else may write any of it. */
function put(path: string, content: string | object, how: Put = {}): string {
  const { uid = ME, gid = uid, mode = 0o644 } = how;
  folder(dirname(path), { uid });
  const file = join(root, path);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  chownSync(file, uid, gid);
  chmodSync(file, mode);
  return file;
}

function folder(path: string, how: Put = {}): void {
  const { uid = ME, gid = uid, mode } = how;
  let at = root;
  for (const part of path.split('/').filter((one) => one !== '.')) {
    at = join(at, part);
    try {
      mkdirSync(at, { mode: 0o755 });
      chownSync(at, uid, gid);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  if (mode !== undefined) chmodSync(at, mode);
}

/** Does something with the rights of another user. */
function as<T>(uid: number, work: () => T, gid: number = uid): T {
  process.setegid!(gid);
  process.seteuid!(uid);
  try {
    return work();
  } finally {
    process.seteuid!(0);
    process.setegid!(0);
  }
}

const load = (cwd: string): readonly string[] => {
  const env = { XDG_CONFIG_HOME: join(root, 'config'), HOME: join(root, 'home') };
  const { files } = loadPolicy({ cwd: join(root, cwd), env, platform: 'linux' });
  return files.map((file) => file.slice(root.length + 1));
};

/** What is read as a user, or the error, its paths shortened. */
function outcome(uid: number, cwd: string, gid = uid): string | readonly string[] {
  return as(
    uid,
    () => {
      try {
        return load(cwd);
      } catch (error) {
        if (!(error instanceof TarwardenError)) throw error;
        return `${error.code} ${error.message.replaceAll(root, '')}`;
      }
    },
    gid,
  );
}

const strict = { levels: { 'duplicate-path-identical': 'error' } };

describe.runIf(mayBeAnybody)('a policy file of this user', () => {
  it.each([
    ['0644', 0o644, ME],
    ["writable by the user's own group, as umask 002 leaves it", 0o664, ME],
    ['of root, in a project of the user', 0o644, 0],
  ])('is read: %s', (_, mode, uid) => {
    folder('app');
    chmodSync(join(root, 'app'), mode === 0o664 ? 0o775 : 0o755);
    put('app/tarwarden.json', strict, { mode, uid, gid: ME });
    expect(outcome(ME, 'app')).toEqual(['app/tarwarden.json']);
  });

  it('is read below a sticky folder that everybody writes, like /tmp', () => {
    folder('tmp', { uid: 0, mode: 0o1777 });
    put('tmp/app/tarwarden.json', strict);
    expect(outcome(ME, 'tmp/app')).toEqual(['tmp/app/tarwarden.json']);
  });

  it.each([
    ['the file', 'app/tarwarden.json', 0o666],
    ['its folder', 'app', 0o777],
    ['its folder, though it is sticky', 'app', 0o1777],
    ['a folder above the project', 'shared', 0o777],
  ])('is refused where others can write %s', (_, path, mode) => {
    const cwd = path === 'shared' ? 'shared/app' : 'app';
    put(`${cwd}/tarwarden.json`, strict);
    chmodSync(join(root, path), mode);
    const said = outcome(ME, cwd);
    expect(said).toMatch(
      /^POLICY_UNTRUSTED .*can be written by every user \(mode (?:[01]777|0666)\)/,
    );
    expect(said).toContain(`chmod go-w /${path}\n`);
    chmodSync(join(root, path), path.endsWith('.json') ? 0o644 : 0o755);
    expect(outcome(ME, cwd)).toEqual([`${cwd}/tarwarden.json`]);
  });

  it("is refused where a group that is not the user's own can write it", () => {
    put('app/tarwarden.json', strict, { mode: 0o664, gid: 54_400 });
    expect(outcome(ME, 'app')).toMatch(/can be written by the group gid 54400 \(mode 0664\)/);
    // As the primary group of this user, it is still no group of the own: others may be in it.
    expect(outcome(ME, 'app', 54_400)).toMatch(/chmod g-w \/app\/tarwarden.json/);
  });

  it('is refused behind a link of somebody else', () => {
    folder('tmp', { uid: 0, mode: 0o1777 });
    put('mine/app/tarwarden.json', strict);
    put('config/tarwarden/policy.json', strict);
    symlinkSync(join(root, 'config'), join(root, 'tmp/config'));
    const env = { XDG_CONFIG_HOME: join(root, 'tmp/config') };
    const read = () => as(ME, () => loadPolicy({ env, platform: 'linux' }).files);
    expect(read()).toHaveLength(1);
    rmSync(join(root, 'tmp/config'));
    as(MALLORY, () => symlinkSync(join(root, 'config'), join(root, 'tmp/config')));
    expect(read).toThrow(/tmp\/config, on the way to .* belongs to uid 54322/);
  });
});

describe.runIf(mayBeAnybody)('a policy file of another user', () => {
  it.each(['tarwarden.json', 'package.json'])('above the project is not looked at: %s', (name) => {
    folder('shared', { uid: 0, mode: 0o1777 });
    const text = name === 'package.json' ? { tarwarden: strict, workspaces: ['*', 'app'] } : strict;
    put(`shared/${name}`, text, { uid: MALLORY });
    put('shared/.git/HEAD', '', { uid: MALLORY });
    put('shared/pnpm-workspace.yaml', 'packages: ["**"]', { uid: MALLORY });
    put('shared/app/package.json', { name: 'app' });
    expect(outcome(ME, 'shared/app')).toEqual([]);
    expect(outcome(0, 'shared/app')).toEqual([]);
  });

  it.each([
    ['in the project', 'app/tarwarden.json', strict],
    ['in its package.json', 'app/package.json', { tarwarden: strict }],
  ])('%s is refused, with file, owner and remedy', (_, path, content) => {
    folder('app');
    put(path, content, { uid: MALLORY });
    expect(outcome(ME, 'app')).toBe(
      `POLICY_UNTRUSTED /${path} belongs to uid 54322: only a policy that nobody but you (uid 54321) and root can write counts\n` +
        `If it is yours: chown 54321 /${path}\n` +
        'If you trust whoever can write to this project: write this into a new file /config/tarwarden/policy.json: { "trustedProjects": ["/app"] }',
    );
  });

  it('in place of the own one is refused', () => {
    put('config/tarwarden/policy.json', { links: 'contained' }, { uid: MALLORY });
    folder('app');
    const said = outcome(ME, 'app');
    expect(said).toMatch(/^POLICY_UNTRUSTED \/config\/tarwarden\/policy.json belongs to uid 54322/);
    expect(said).not.toContain('trustedProjects');
  });

  it('does no harm while it says nothing', () => {
    put('app/package.json', { name: 'app', devDependencies: { tarwarden: '1' } }, { uid: MALLORY });
    expect(outcome(ME, 'app')).toEqual([]);
    chmodSync(join(root, 'app'), 0o777);
    expect(outcome(ME, 'app')).toEqual([]);
  });
});

describe.runIf(mayBeAnybody)('root over a checkout of somebody else', () => {
  beforeEach(() => {
    put('app/.git/HEAD', '');
    put('app/packages/a/package.json', { name: 'a' });
  });

  it('is silent where there is no policy', () => {
    expect(outcome(0, 'app/packages/a')).toEqual([]);
  });

  it('believes the policy once the user has said so, and for this project alone', () => {
    put('app/tarwarden.json', strict);
    put('other/tarwarden.json', strict);
    expect(outcome(0, 'app/packages/a')).toMatch(/"trustedProjects": \["\/app"\]/);
    const trusted = { trustedProjects: [join(root, 'app')] };
    put('config/tarwarden/policy.json', trusted, { uid: 0 });
    const own = 'config/tarwarden/policy.json';
    expect(outcome(0, 'app/packages/a')).toEqual([own, 'app/tarwarden.json']);
    expect(outcome(0, 'other')).toMatch(/add this line to \/config.*: "trustedProjects"/);
    put('config/tarwarden/policy.json', { trustedProjects: [root] }, { uid: 0 });
    expect(outcome(0, 'app')).toMatch(/^POLICY_UNTRUSTED/);
  });

  it('reads its own file in a folder of the user of an image', () => {
    put('home/node/app/tarwarden.json', strict);
    for (const path of ['home/node/app', 'home/node/app/tarwarden.json'])
      chownSync(join(root, path), 0, 0);
    expect(outcome(0, 'home/node/app')).toEqual(['home/node/app/tarwarden.json']);
  });

  it('cannot be told by the project to trust it', () => {
    put('app/tarwarden.json', { trustedProjects: [join(root, 'app')] }, { uid: 0 });
    for (const path of ['app', 'app/tarwarden.json']) chownSync(join(root, path), 0, 0);
    expect(outcome(0, 'app')).toMatch(/trustedProjects may not be in a repository's file/);
  });
});
