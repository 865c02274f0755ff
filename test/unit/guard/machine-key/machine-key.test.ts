/** The key of this machine: a restored copy of it is no key. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import {
  stateDirectory,
  type Environment,
} from '../../../../packages/guard/src/known/cache-directory.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => (folder = made));

type Keys = typeof import('../../../../packages/guard/src/machine-key.ts');

/** The module as another process has it: without what it remembers. */
async function anotherProcess(): Promise<Keys> {
  vi.resetModules();
  return import('../../../../packages/guard/src/machine-key.ts');
}

const home = (name = 'home'): Environment => ({ XDG_STATE_HOME: join(folder, name) });
const fileOf = (env: Environment): string => join(stateDirectory(env), 'machine-key');

async function made(env: Environment): Promise<string | undefined> {
  return (await anotherProcess()).machineKey(env, true)?.toString('hex');
}

async function found(env: Environment): Promise<string | undefined> {
  return (await anotherProcess()).machineKey(env, false)?.toString('hex');
}

const copies: readonly [string, (from: string, to: string) => void][] = [
  ['cp -a', (from, to) => void execFileSync('cp', ['-a', from, to])],
  [
    'tar, unpacked with all times',
    (from, to) => {
      execFileSync('tar', ['-cpf', `${to}.tar`, '-C', from, '.']);
      mkdirSync(to, { mode: 0o700 });
      execFileSync('tar', ['-xpf', `${to}.tar`, '-C', to]);
    },
  ],
];

describe.skipIf(process.platform === 'win32')('the key of a machine', () => {
  it('is made when it is first needed, for its owner alone, and found by other processes', async () => {
    expect(await found(home())).toBeUndefined();
    expect(existsSync(stateDirectory(home()))).toBe(false);
    const key = await made(home());
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(await found(home())).toBe(key);
    expect(await made(home())).toBe(key);
    expect(readdirSync(stateDirectory(home()))).toEqual(['machine-key']);
    expect((statSync(fileOf(home())).mode & 0o7777).toString(8)).toBe('600');
    expect((statSync(stateDirectory(home())).mode & 0o7777).toString(8)).toBe('700');
  });

  it.each(copies)('is no key in a copy by %s, where another is made', async (_how, copy) => {
    const key = await made(home());
    copy(join(folder, 'home'), join(folder, 'copy'));
    expect(readFileSync(fileOf(home('copy')), 'utf8')).toBe(readFileSync(fileOf(home()), 'utf8'));
    expect(await found(home('copy'))).toBeUndefined();
    const other = await made(home('copy'));
    expect(other).toMatch(/^[0-9a-f]{64}$/);
    expect(other).not.toBe(key);
    expect(await found(home('copy'))).toBe(other);
    expect(await found(home())).toBe(key);
  });

  it('is another one after an archive was unpacked over it', async () => {
    const key = await made(home());
    execFileSync('tar', ['-cpf', join(folder, 'a.tar'), '-C', join(folder, 'home'), '.']);
    execFileSync('tar', ['-xpf', join(folder, 'a.tar'), '-C', join(folder, 'home')]);
    expect(await found(home())).toBeUndefined();
    expect(await made(home())).not.toBe(key);
  });

  it('is the same for processes that do not know that another one has made it', async () => {
    const processes = await Promise.all([anotherProcess(), anotherProcess(), anotherProcess()]);
    const keys = processes.map(({ machineKey }) => machineKey(home(), true)?.toString('hex'));
    expect(new Set(keys).size).toBe(1);
  });

  it.each<[string, (file: string) => void]>([
    ['others may read', (file) => chmodSync(file, 0o644)],
    ['is empty', (file) => writeFileSync(file, '')],
    ['is no JSON', (file) => writeFileSync(file, '{')],
    ['is long', (file) => writeFileSync(file, `${readFileSync(file, 'utf8')}${' '.repeat(2048)}`)],
    [
      'has the same note and another key',
      (file) =>
        writeFileSync(file, readFileSync(file, 'utf8').replace(/"key":"\w+"/, '"key":"none"')),
    ],
  ])('in a file that %s is not believed, and replaced', async (_what, damage) => {
    const key = await made(home());
    damage(fileOf(home()));
    expect(await found(home())).toBeUndefined();
    const other = await made(home());
    expect(other).toMatch(/^[0-9a-f]{64}$/);
    expect(other).not.toBe(key);
    expect((statSync(fileOf(home())).mode & 0o7777).toString(8)).toBe('600');
  });

  it('behind a link is not believed, and the file behind the link stays', async () => {
    await made(home('other'));
    const before = readFileSync(fileOf(home('other')), 'utf8');
    mkdirSync(stateDirectory(home()), { recursive: true, mode: 0o700 });
    symlinkSync(fileOf(home('other')), fileOf(home()));
    expect(await found(home())).toBeUndefined();
    expect(await made(home())).not.toBe(await found(home('other')));
    expect(readFileSync(fileOf(home('other')), 'utf8')).toBe(before);
  });

  it('is neither found nor made in a folder to which others can write, nor where there is no folder', async () => {
    const key = await made(home());
    chmodSync(stateDirectory(home()), 0o777);
    expect(await found(home())).toBeUndefined();
    expect(await made(home())).toBeUndefined();
    chmodSync(stateDirectory(home()), 0o700);
    expect(await found(home())).toBe(key);
    writeFileSync(join(folder, 'file'), '');
    expect(await made(home('file'))).toBeUndefined();
    expect(await made({ XDG_STATE_HOME: '/proc/tarwarden' })).toBeUndefined();
  });
});

describe('the key for a use', () => {
  const secret = 'a secret of CI, with 32 characters or more';
  const USE = 'remembered verdicts';

  it('comes from the key of the machine, and differs from it and from that for another use', async () => {
    const { keyFor, machineKey } = await anotherProcess();
    const key = keyFor(USE, home(), true);
    expect(key).toHaveLength(32);
    expect(keyFor(USE, home(), false)).toEqual(key);
    for (const other of [
      machineKey(home(), true),
      keyFor('sealed folders', home(), true),
      keyFor(USE, home('other'), true),
      keyFor(
        USE,
        { ...home(), TARWARDEN_SEAL_KEY: machineKey(home(), true)!.toString('hex') },
        true,
      ),
    ])
      expect(other).not.toEqual(key);
  });

  it('is the same on every machine with the same secret, and makes no file', async () => {
    const { keyFor } = await anotherProcess();
    const key = keyFor(USE, { ...home(), TARWARDEN_SEAL_KEY: secret }, true);
    expect(key).toHaveLength(32);
    // A secret that was pasted with a line end is the same one.
    for (const same of [secret, `${secret}\n`, ` ${secret}`])
      expect(keyFor(USE, { ...home('other'), TARWARDEN_SEAL_KEY: same }, false)).toEqual(key);
    const changed = { ...home(), TARWARDEN_SEAL_KEY: `${secret}.` };
    expect(keyFor(USE, changed, false)).not.toEqual(key);
    expect(keyFor('sealed folders', { TARWARDEN_SEAL_KEY: secret }, false)).not.toEqual(key);
    expect(existsSync(stateDirectory(home()))).toBe(false);
  });

  it.each(['', ' \n', '$(TARWARDEN_SEAL_KEY)'])(
    'comes from the key of the machine if there is no secret, as in a pull request of a fork: %j',
    async (empty) => {
      const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
      const { keyFor } = await anotherProcess();
      const env = { ...home(), TARWARDEN_SEAL_KEY: empty };
      expect(keyFor(USE, env, true)).toEqual(keyFor(USE, home(), true));
      expect(write).not.toHaveBeenCalled();
    },
  );

  it('comes from the key of the machine if the secret is short, which is said once', async () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { keyFor } = await anotherProcess();
    const env = { ...home(), TARWARDEN_SEAL_KEY: `${'x'.repeat(31)} ` };
    expect(keyFor(USE, env, true)).toEqual(keyFor(USE, home(), true));
    keyFor(USE, env, true);
    expect(write.mock.calls).toEqual([
      [expect.stringContaining('TARWARDEN_SEAL_KEY has fewer than 32 characters')],
    ]);
  });
});

it.each<[NodeJS.Platform, Environment, string]>([
  ['linux', { HOME: '/home/a' }, '/home/a/.local/state/tarwarden'],
  ['linux', { HOME: '/home/a', XDG_STATE_HOME: '/state' }, '/state/tarwarden'],
  ['linux', { HOME: '/home/a', XDG_STATE_HOME: 'state' }, '/home/a/.local/state/tarwarden'],
  ['darwin', { HOME: '/home/a' }, '/home/a/Library/Application Support/tarwarden'],
  ['win32', { HOME: '/home/a', LOCALAPPDATA: '/local' }, '/local/tarwarden/State'],
])('the folder for facts about the machine, on %s with %j', (platform, env, wanted) => {
  expect(stateDirectory(env, platform)).toBe(wanted);
});
