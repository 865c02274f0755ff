/** The policy of the machine: only root can write it, and no variable moves it. The tests need a folder that only root can write. */
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadPolicy, policyFilesInForce, unconfiguredPolicy } from '@tarwarden/guard';
import { LivePolicy } from '../../../../packages/server/src/serving/live-policy.ts';
import { machinePolicyPath } from '../../../../packages/guard/src/policy/machine-policy.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const NOBODY = 65_533;

it.each([
  ['linux', '/etc/tarwarden/policy.json'],
  ['darwin', '/Library/Application Support/tarwarden/policy.json'],
  ['win32', String.raw`C:\ProgramData\tarwarden\policy.json`],
] as const)('on %s is at %s, whatever the environment says', (platform, path) => {
  expect(machinePolicyPath(platform)).toBe(path);
});

describe.skipIf(!isRoot)(
  'a policy of the machine (written by root, so only root can try it)',
  () => {
    let root: string;
    let machineFile: string;
    let cwd: string;
    let env: Record<string, string>;
    beforeEach(() => {
      root = mkdtempSync('/var/lib/tarwarden-test-');
      chmodSync(root, 0o755);
      machineFile = join(root, 'etc', 'tarwarden', 'policy.json');
      mkdirSync(join(root, 'etc', 'tarwarden'), { recursive: true });
      cwd = join(root, 'project');
      mkdirSync(cwd);
      env = { HOME: join(root, 'home'), XDG_CONFIG_HOME: join(root, 'config') };
    });
    afterEach(() => rmSync(root, { recursive: true, force: true }));

    const write = (policy: unknown): void =>
      writeFileSync(machineFile, typeof policy === 'string' ? policy : JSON.stringify(policy));
    const writeUser = (policy: unknown): void => {
      mkdirSync(join(root, 'config', 'tarwarden'), { recursive: true });
      writeFileSync(join(root, 'config', 'tarwarden', 'policy.json'), JSON.stringify(policy));
    };
    const load = () => loadPolicy({ cwd, env, machineFile });

    it('is read before the policy of the user, who cannot loosen it and is told so', () => {
      write({ levels: { symlink: 'error' }, contact: 'desk' });
      writeUser({ levels: { symlink: 'off', 'duplicate-path': 'warning' } });
      writeFileSync(join(cwd, 'tarwarden.json'), '{ "limits": { "entries": 5 } }');
      const { policy, warnings, files, withoutExceptions } = load();
      expect(policy).toMatchObject({
        levels: { symlink: 'error', 'duplicate-path': 'warning' },
        limits: { entries: 5 },
        contact: 'desk',
      });
      expect([...withoutExceptions]).toEqual(['symlink']);
      expect(warnings).toEqual([
        expect.stringMatching(
          /policy\.json:1:\d+: levels\.symlink does not count: by the policy of this machine, it may not lower "error" to "off"$/,
        ),
      ]);
      expect(files[0]).toBe(machineFile);
      expect(policyFilesInForce({ cwd, env, machineFile })).toEqual([
        { path: machineFile, kind: 'machine' },
        { path: join(root, 'config', 'tarwarden', 'policy.json'), kind: 'user' },
        { path: join(cwd, 'tarwarden.json'), kind: 'project' },
      ]);
    });

    it('may give packages the network', () => {
      const grant = { reason: 'a binary', expires: '2999-01-01' };
      write({ scriptNetwork: [{ package: 'a', ...grant }] });
      writeUser({ scriptNetwork: [{ package: 'b', ...grant }] });
      expect(load()).toMatchObject({ scriptNetwork: ['a', 'b'] });
    });

    it.each<[string, () => void, RegExp]>([
      ['is not JSON', () => write('{'), /policy\.json:1:/],
      ['has an unknown key', () => write({ level: {} }), /is not a known key/],
      ['is a folder', () => mkdirSync(machineFile), /is not a file/],
      [
        'is a link to nothing',
        () => symlinkSync('/nowhere/x', machineFile),
        /a link that leads to no policy/,
      ],
      [
        'can be written by its group',
        () => (write({}), chmodSync(machineFile, 0o664)),
        /can be written by other users \(mode 0664\)[^]*chmod go-w/,
      ],
      [
        'belongs to another user',
        () => (write({}), chownSync(machineFile, NOBODY, 0)),
        /belongs to uid 65533[^]*chown root/,
      ],
      [
        'is in a folder of another user',
        () => (write({}), chownSync(join(root, 'etc', 'tarwarden'), NOBODY, 0)),
        /etc\/tarwarden belongs to uid 65533/,
      ],
      [
        'is below a folder that all can write',
        () => (write({}), chmodSync(join(root, 'etc'), 0o1777)),
        /\/etc can be written by other users/,
      ],
      [
        'is behind a link of another user',
        () => {
          write({});
          symlinkSync(join(root, 'etc'), join(root, 'link'));
          lchownSync(join(root, 'link'), NOBODY, 0);
          machineFile = join(root, 'link', 'tarwarden', 'policy.json');
        },
        /link belongs to uid 65533/,
      ],
      [
        'is behind a link of root into a folder of another user',
        () => {
          mkdirSync(join(root, 'open', 'tarwarden'), { recursive: true });
          writeFileSync(join(root, 'open', 'tarwarden', 'policy.json'), '{}');
          chownSync(join(root, 'open'), NOBODY, 0);
          symlinkSync('../open/tarwarden/policy.json', join(root, 'etc', 'way'));
          machineFile = join(root, 'etc', 'way');
        },
        /open belongs to uid 65533/,
      ],
    ])('that %s stops everything', (_, prepare, problem) => {
      prepare();
      expect(load).toThrow(problem);
    });

    it('whose folder is a link to nothing stops everything', () => {
      rmSync(join(root, 'etc', 'tarwarden'), { recursive: true });
      symlinkSync('/nowhere/tarwarden', join(root, 'etc', 'tarwarden'));
      expect(load).toThrow(/etc\/tarwarden is a link that leads to no policy/);
    });

    it('may not be taken away behind a link', () => {
      rmSync(join(root, 'etc', 'tarwarden'), { recursive: true });
      symlinkSync('/tmp', join(root, 'etc', 'tarwarden'));
      expect(load).toThrow(/etc\/tarwarden is a link that leads to no policy/);
    });

    it('may be behind a link that root has made', () => {
      mkdirSync(join(root, 'opt'));
      writeFileSync(join(root, 'opt', 'policy.json'), '{ "contact": "desk" }');
      rmSync(join(root, 'etc', 'tarwarden'), { recursive: true });
      symlinkSync('../opt', join(root, 'etc', 'tarwarden'));
      expect(load().policy.contact).toBe('desk');
    });

    it('that is not there changes nothing', () => {
      expect(load()).toMatchObject({ files: [], warnings: [] });
      expect(unconfiguredPolicy({ cwd, env, machineFile })).toBeDefined();
      rmSync(join(root, 'etc'), { recursive: true });
      expect(unconfiguredPolicy({ cwd, env, machineFile })).toBeDefined();
      writeFileSync(join(root, 'etc'), 'a file');
      expect(load().files).toEqual([]);
    });

    it('is configured policy for every guard', () => {
      write({});
      expect(unconfiguredPolicy({ cwd, env, machineFile })).toBeUndefined();
      chmodSync(machineFile, 0o666);
      expect(() => unconfiguredPolicy({ cwd, env, machineFile })).toThrow(/cannot be used/);
    });

    it('is read again while the file of a user or a repository is broken', () => {
      vi.useFakeTimers({ toFake: ['performance', 'Date'] });
      try {
        writeUser({ levels: { symlink: 'off' }, contact: 'me' });
        const live = new LivePolicy({ cwd, env, machineFile }, () => undefined);
        expect(live.current.policy.levels.symlink).toBe('off');
        writeFileSync(join(cwd, 'tarwarden.json'), '{');
        write({ levels: { symlink: 'error' } });
        vi.advanceTimersByTime(1_000);
        expect(live.current.policy).toMatchObject({ levels: { symlink: 'error' }, contact: 'me' });
        expect(live.current.withoutExceptions).toContain('symlink');
        expect(live.problem).toMatch(/cannot be used/);
        write('{');
        vi.advanceTimersByTime(1_000);
        expect(live.current.policy.levels.symlink).toBe('error');
      } finally {
        vi.useRealTimers();
      }
    });

    it('is read again by a process that runs on', () => {
      vi.useFakeTimers({ toFake: ['performance', 'Date'] });
      try {
        write({ limits: { entries: 3 } });
        const live = new LivePolicy({ cwd, env, machineFile }, () => undefined);
        expect(live.current.policy.limits.entries).toBe(3);
        write({ limits: { entries: 44 } });
        vi.advanceTimersByTime(1_000);
        expect(live.current.policy.limits.entries).toBe(44);
      } finally {
        vi.useRealTimers();
      }
    });
  },
);
