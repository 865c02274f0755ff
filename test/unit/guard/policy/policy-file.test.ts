import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { TarwardenError } from '@tarwarden/core';
import { cacheDirectory, loadPolicy, projectPolicyTarget } from '@tarwarden/guard';
import { MAX_POLICY_BYTES } from '../../../../packages/core/src/limits.ts';
import {
  asksForReportOnly,
  userPolicyPath,
} from '../../../../packages/guard/src/policy/user-policy.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

let root: string;
freshFolder((made) => {
  root = made;
  mkdirSync(join(root, 'repo', '.git'), { recursive: true });
  mkdirSync(join(root, 'repo', 'packages', 'a'), { recursive: true });
});

const put = (path: string, content: string | object): string => putFile(join(root, path), content);

function load(cwd = 'repo/packages/a') {
  const env = { XDG_CONFIG_HOME: join(root, 'config'), HOME: join(root, 'home') };
  return loadPolicy({ cwd: join(root, cwd), env, today: '2026-06-15', platform: 'linux' });
}

/** Code and message of the refusal, the temporary folder taken out. */
function refusal(cwd?: string): string {
  try {
    load(cwd);
  } catch (error) {
    if (!(error instanceof TarwardenError)) throw error;
    return `${error.code} ${error.message.replaceAll(root, '')}`;
  }
  return 'loaded';
}

const strict = { levels: { 'duplicate-path-identical': 'error' } };

describe('loadPolicy', () => {
  it('needs no file', () => {
    expect(load()).toMatchObject({
      files: [],
      warnings: [],
      policy: { levels: {}, links: 'reject' },
    });
    expect(load().policy.today).toBe('2026-06-15');
  });

  it('knows which scripts may reach the network, by name, until a day, from the user alone', () => {
    const one = { package: '@scope/sharp', reason: 'fetches a library', expires: '2026-06-15' };
    const old = { ...one, package: 'old', expires: '2026-06-14' };
    const user = put('config/tarwarden/policy.json', { scriptNetwork: [one, old] });
    expect(load().scriptNetwork).toEqual(['@scope/sharp']);
    expect(load().warnings).toEqual([expect.stringContaining(`${user}:1:`) as string]);
    expect(load().warnings[0]).toContain('the network for old expired on 2026-06-14');
    for (const wrong of [
      { ...one, package: 'sharp@1.0.0' },
      { ...one, reason: ' ' },
      { package: 'x' },
    ]) {
      put('config/tarwarden/policy.json', { scriptNetwork: [wrong] });
      expect(refusal()).toMatch(/^POLICY_INVALID .*scriptNetwork\[0\]/);
    }
    put('config/tarwarden/policy.json', {});
    put('repo/tarwarden.json', { scriptNetwork: [one] });
    expect(refusal()).toContain("scriptNetwork may not be in a repository's file");
  });

  it('finds the nearest file above', () => {
    put('repo/tarwarden.json', strict);
    expect(load().files).toEqual([join(root, 'repo/tarwarden.json')]);
    put('repo/packages/a/tarwarden.json', {});
    expect(load().files).toEqual([join(root, 'repo/packages/a/tarwarden.json')]);
  });

  it('takes the tarwarden field of a package.json, and passes by one without', () => {
    put('repo/package.json', { name: 'repo', tarwarden: strict });
    put('repo/packages/a/package.json', { name: 'a' });
    const { files, policy } = load();
    expect(files).toEqual([join(root, 'repo/package.json')]);
    expect(policy.levels).toEqual({ 'duplicate-path-identical': 'error' });
  });

  it('does not look beyond the folder that holds .git', () => {
    put('tarwarden.json', strict);
    expect(load().files).toEqual([]);
    rmSync(join(root, 'repo/.git'), { recursive: true });
    put('repo/.git', 'gitdir: elsewhere');
    expect(load().files).toEqual([]);
  });

  it.each(['', '.', 'repo'])('finds the own file of no user in a repository (HOME=%j)', (home) => {
    vi.stubEnv('HOME', home);
    for (const platform of ['linux', 'win32'] as const) {
      const path = userPolicyPath({ HOME: home, USERPROFILE: home, APPDATA: home }, platform);
      expect(isAbsolute(path)).toBe(true);
      expect(path.startsWith(root)).toBe(false);
      expect(isAbsolute(cacheDirectory({ HOME: home, LOCALAPPDATA: home }, platform))).toBe(true);
    }
    expect(asksForReportOnly({ HOME: home })).toBe(false);
  });

  it('takes no policy by a package.json that is a link, and passes by one without the field', () => {
    put('elsewhere/package.json', { tarwarden: strict });
    const link = join(root, 'repo/packages/a/package.json');
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'elsewhere/package.json'), link);
    expect(refusal()).toMatch(
      /^POLICY_INVALID \/repo\/packages\/a\/package.json is a symbolic link: /,
    );
    expect(() => projectPolicyTarget(dirname(link))).toThrow(/package.json is a symbolic link: /);
    put('elsewhere/package.json', { name: 'a' });
    put('repo/tarwarden.json', strict);
    expect(load().files).toEqual([join(root, 'repo/tarwarden.json')]);
    expect(projectPolicyTarget(dirname(link)).path).toBe(join(root, 'repo/tarwarden.json'));
  });

  it('reads a package.json only as far as it needs to', () => {
    put('repo/packages/a/package.json', '{ this is no JSON');
    expect(load().files).toEqual([]);
    put('repo/packages/a/package.json', '{ "tarwarden": {}, }');
    expect(refusal()).toBe(
      'POLICY_INVALID /repo/packages/a/package.json:1:20: expected a string, found "}"',
    );
    put('repo/packages/a/package.json', '{ "\\u0074arwarden": {"links": 1} }');
    expect(refusal()).toMatch(/links must be/);
  });

  it('refuses two policies in one folder', () => {
    put('repo/tarwarden.json', {});
    put('repo/package.json', { tarwarden: {} });
    expect(refusal()).toBe(
      'POLICY_INVALID /repo/tarwarden.json and the "tarwarden" field of package.json beside it are both there; keep one',
    );
  });

  it('tells file, line and column of every problem', () => {
    put('repo/tarwarden.json', '{\n  "links": "no",\n  "levels": {\n    "symlnk": "off"\n  }\n}\n');
    expect(refusal()).toBe(
      'POLICY_INVALID /repo/tarwarden.json:4:15: levels.symlnk is not a known key (did you mean "symlink"?)\n' +
        '/repo/tarwarden.json:2:12: links must be "reject" or "contained"',
    );
    put('repo/tarwarden.json', '{\n  "links": \n}');
    expect(refusal()).toBe('POLICY_INVALID /repo/tarwarden.json:3:1: expected a value, found "}"');
  });

  it('refuses what loosens, in a file of its own and in package.json', () => {
    put('repo/tarwarden.json', '{"levels":\n{"symlink": "off"}}');
    expect(refusal()).toBe(
      'POLICY_INVALID /repo/tarwarden.json:2:13: levels.symlink may not lower "error" to "off": ' +
        'only your own policy file may do that, or an exception',
    );
    rmSync(join(root, 'repo/tarwarden.json'));
    put('repo/package.json', '{"tarwarden": {"links": "contained"}}');
    expect(refusal()).toMatch(/^POLICY_INVALID \/repo\/package.json:1:25: links may not/);
  });

  it("lets the user's own file loosen, and merges both", () => {
    const own = put('config/tarwarden/policy.json', { levels: { symlink: 'warning' } });
    const shared = put('repo/tarwarden.json', strict);
    const { files, policy } = load();
    expect(files).toEqual([own, shared]);
    expect(policy.levels).toEqual({ symlink: 'warning', 'duplicate-path-identical': 'error' });
  });

  it('warns of exceptions that have expired', () => {
    const exception = {
      package: 'a@1.0.0',
      rule: 'symlink',
      sha512: 'a'.repeat(128),
      reason: 'reviewed',
      expires: '2026-06-14',
    };
    put('repo/tarwarden.json', {
      exceptions: [exception, { ...exception, expires: '2026-06-15' }],
    });
    expect(load().warnings.map((one) => one.replaceAll(root, ''))).toEqual([
      '/repo/tarwarden.json:1:16: the exception for a@1.0.0 (symlink) expired on 2026-06-14 and no longer holds',
    ]);
  });

  it("refuses a link in a repository's place, and follows one in the user's", () => {
    const elsewhere = put('elsewhere.json', {});
    symlinkSync(elsewhere, join(root, 'repo/tarwarden.json'));
    expect(refusal()).toMatch(/^POLICY_INVALID \/repo\/tarwarden.json is a symbolic link: /);
    rmSync(join(root, 'repo/tarwarden.json'));
    mkdirSync(join(root, 'config/tarwarden'), { recursive: true });
    symlinkSync(elsewhere, join(root, 'config/tarwarden/policy.json'));
    expect(load().files).toEqual([join(root, 'config/tarwarden/policy.json')]);
  });

  it('refuses what is no small text file', () => {
    mkdirSync(join(root, 'repo/tarwarden.json'));
    expect(refusal()).toBe('POLICY_INVALID /repo/tarwarden.json is not a file');
    rmSync(join(root, 'repo/tarwarden.json'), { recursive: true });
    put('repo/tarwarden.json', ' '.repeat(MAX_POLICY_BYTES + 1));
    expect(refusal()).toBe(
      `POLICY_INVALID /repo/tarwarden.json is larger than ${MAX_POLICY_BYTES} bytes`,
    );
    writeFileSync(join(root, 'repo/tarwarden.json'), Buffer.from([0x7b, 0xff, 0x7d]));
    expect(refusal()).toBe('POLICY_INVALID /repo/tarwarden.json is not UTF-8 text');
  });

  it('takes a byte order mark', () => {
    put('repo/tarwarden.json', '\uFEFF{"links": "reject"}');
    expect(load().files).toHaveLength(1);
  });

  it('reads no other variable of the environment', () => {
    const seen = new Set<string>();
    const env = new Proxy<Record<string, string>>(
      {},
      {
        get(_, name) {
          seen.add(String(name));
          return name === 'HOME' ? join(root, 'home') : undefined;
        },
      },
    );
    loadPolicy({ cwd: join(root, 'repo'), env, today: '2026-06-15', platform: 'linux' });
    expect([...seen].toSorted()).toEqual(['HOME', 'XDG_CONFIG_HOME']);
  });
});

describe('report mode', () => {
  const env = (): Record<string, string> => ({
    XDG_CONFIG_HOME: join(root, 'config'),
    HOME: join(root, 'home'),
  });

  it("is the user's own to set, in one file", () => {
    expect(load().policy).not.toHaveProperty('mode');
    expect(asksForReportOnly(env())).toBe(false);
    put('config/tarwarden/policy.json', { mode: 'report' });
    expect(load().policy.mode).toBe('report');
    expect(asksForReportOnly(env())).toBe(true);
    put('repo/tarwarden.json', { mode: 'refuse' });
    expect(load().policy).not.toHaveProperty('mode');
  });

  it.each(['tarwarden.json', 'package.json'])("is an error in a repository's %s", (name) => {
    const policy = { mode: 'report' };
    put(`repo/${name}`, name === 'package.json' ? { tarwarden: policy } : policy);
    expect(refusal()).toMatch(/^POLICY_INVALID .*mode may not switch refusals off/);
    put('config/tarwarden/policy.json', policy);
    expect(refusal()).toMatch(/^POLICY_INVALID .*mode may not switch refusals off/);
  });

  it.each([true, false])(
    "is an error in settings of a client, the user's own (%s) or not",
    (own) => {
      const origin = put(own ? 'home/.yarnrc.yml' : 'repo/.yarnrc.yml', 'x');
      const settings = [{ origin, own, value: { mode: 'report' } }];
      const cwd = join(root, 'repo');
      expect(() => loadPolicy({ cwd, env: env(), settings })).toThrow(
        own ? /mode "report" counts in .*policy\.json alone/ : /mode may not switch refusals off/,
      );
    },
  );

  it.each(['', '[]', 'null', '{"mode":"refuse"}', '{"mode":"report"', '{"mode":["report"]}'])(
    'is not what a file says with %j',
    (text) => {
      put('config/tarwarden/policy.json', text);
      expect(asksForReportOnly(env())).toBe(false);
    },
  );
});

describe('userPolicyPath', () => {
  it.each([
    [{ XDG_CONFIG_HOME: '/x', HOME: '/h' }, 'linux', '/x/tarwarden/policy.json'],
    [{ XDG_CONFIG_HOME: 'relative', HOME: '/h' }, 'linux', '/h/.config/tarwarden/policy.json'],
    [{ HOME: '/h' }, 'darwin', '/h/.config/tarwarden/policy.json'],
  ] as const)('of %j on %s is %s', (env, platform, expected) => {
    expect(userPolicyPath(env, platform)).toBe(expected);
  });
});
