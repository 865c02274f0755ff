/** Which policy the plugin applies, and what it does where there is none. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { inspect, TarwardenError } from '@tarwarden/core';
import { Guards } from '../../../packages/yarn-plugin/src/guards.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const fakes = vi.hoisted(() => ({
  inspect: vi.fn(),
  start: undefined as (() => unknown) | undefined,
  readYarnSettings: vi.fn(),
  flush: vi.fn(),
  openVerdictStore: vi.fn(),
  workers: [] as unknown[][],
}));
vi.mock('../../../packages/yarn-plugin/node_modules/@yarnpkg/core', async () =>
  (await import('../../support/yarn-core.ts')).yarnCore(),
);
vi.mock('../../../packages/yarn-plugin/src/core.ts', async (original) => ({
  ...(await original<object>()),
  inspectionThread(start: () => unknown) {
    fakes.start = start;
    return { inspect: fakes.inspect };
  },
}));
vi.mock('../../../packages/guard/src/known/verdict-store.ts', () => ({
  openVerdictStore: fakes.openVerdictStore,
}));
vi.mock('../../../packages/yarn-plugin/src/settings.ts', () => ({
  readYarnSettings: fakes.readYarnSettings,
}));
vi.mock('node:worker_threads', async (original) => ({
  ...(await original<object>()),
  Worker: class {
    constructor(...args: unknown[]) {
      fakes.workers.push(args);
    }
  },
}));

let guards: Guards;
let root: string;
const of = (projectCwd: string | null = root, startingCwd: string = root) =>
  ({ projectCwd, startingCwd }) as never;
freshFolder((made) => {
  guards = new Guards();
  root = made;
  vi.stubEnv('HOME', join(root, 'home'));
  vi.stubEnv('XDG_CONFIG_HOME', join(root, 'home'));
  vi.stubEnv('TMPDIR', join(root, 'tmp'));
  mkdirSync(join(root, 'tmp'));
  fakes.readYarnSettings.mockReset().mockResolvedValue({ policies: [], strict: false });
  fakes.openVerdictStore.mockReset().mockReturnValue({ flush: fakes.flush });
  fakes.flush.mockReset();
  fakes.inspect.mockReset().mockImplementation(async (bytes, options) => inspect(bytes, options));
});

const put = (folder: string, policy: object | string): string => {
  mkdirSync(join(root, folder), { recursive: true });
  const file = join(root, folder, 'tarwarden.json');
  writeFileSync(file, typeof policy === 'string' ? policy : JSON.stringify(policy));
  return file;
};
const strict = { limits: { entries: 7 } };
/** Where settings with a policy in them stand: only what nobody else can write is believed. */
const rcFile = (folder = '.'): string => {
  const file = join(root, folder, '.yarnrc.yml');
  writeFileSync(file, '');
  return file;
};
const ownRcFile = (): string => {
  mkdirSync(join(root, 'home'), { recursive: true });
  return rcFile('home');
};

describe('the guard for a configuration', () => {
  test('is there where the folder for temporary files is missing', async () => {
    rmSync(join(root, 'tmp'), { recursive: true });
    put('project', strict);
    const { policy } = await guards.for(of(join(root, 'project')));
    expect(policy.limits.entries).toBe(7);
  });

  test('applies the policy of its project', async () => {
    put('project', strict);
    const guard = await guards.for(of(join(root, 'project')));
    expect(guard.policy.limits.entries).toBe(7);
    expect(guard.strict).toBe(false);
  });

  test('applies that of the folder where Yarn was started, outside a project', async () => {
    put('project', strict);
    const { policy } = await guards.for(of(null, join(root, 'project')));
    expect(policy.limits.entries).toBe(7);
  });

  test('is one for each configuration', async () => {
    const one = of();
    expect(await guards.for(one)).toBe(await guards.for(one));
    expect(await guards.for(of())).not.toBe(await guards.for(one));
    expect(await guards.core()).toBe(await guards.core());
  });

  test('takes what Yarn\u2019s own settings say', async () => {
    const project = join(root, 'project');
    mkdirSync(project);
    const policies = [
      { origin: rcFile('project'), own: false, value: { limits: { depth: 5 } } },
      { origin: ownRcFile(), own: true, value: { links: 'contained' } },
    ];
    fakes.readYarnSettings.mockResolvedValue({ policies, strict: true });
    const guard = await guards.for(of(project));
    expect(guard.policy).toMatchObject({ links: 'contained', limits: { depth: 5 } });
    expect(guard.strict).toBe(true);
  });

  test('writes down what it inspected when the process ends', async () => {
    const once = vi.spyOn(process, 'once').mockReturnValue(process);
    await guards.for(of());
    const [event, listener] = once.mock.calls[0] as [string, () => void];
    expect(event).toBe('exit');
    listener();
    expect(fakes.flush).toHaveBeenCalledTimes(1);
  });
});

describe('what was fetched must not speak for itself', () => {
  const limits = async (folder: string) => {
    put(folder, strict);
    const policies = [
      { origin: rcFile(folder), own: false, value: { limits: { depth: 5 } } },
      { origin: ownRcFile(), own: true, value: { limits: { depth: 6 } } },
    ];
    fakes.readYarnSettings.mockResolvedValue({ policies, strict: false });
    const { entries, depth } = (await guards.for(of(join(root, folder)))).policy.limits;
    return [entries, depth];
  };

  test.each(['tmp/xfs-0123abcd', 'tmp/xfs-0123abcd/clone/package'])(
    'where Yarn puts clones, %s, only the user\u2019s own policy holds',
    async (folder) => expect(await limits(folder)).toEqual([50_000, 6]),
  );

  test.each([
    'tmp/xfs-other',
    'tmp/project',
    'project/xfs-0123abcd',
    'tmp/my-xfs-0123',
    'tmp/xfs-',
    'tmp/xfs-0123zz',
  ])('in %s that of the project does', async (folder) =>
    expect(await limits(folder)).toEqual([7, 5]),
  );
});

describe('a policy that is not valid', () => {
  test('lets nothing be installed, and is an error of its own each time', async () => {
    put('project', '{"nonsense": 1}');
    const configuration = of(join(root, 'project'));
    const errors: Error[] = [];
    for (let at = 0; at < 2; at += 1)
      await guards.for(configuration).catch((error: Error) => errors.push(error));
    expect(errors).toHaveLength(2);
    expect(errors[0]).not.toBe(errors[1]);
    expect(errors[0]?.message).toMatch(
      /^tarwarden: nothing can be inspected, so nothing is installed: .*tarwarden\.json:1:\d+: nonsense is not a known key/,
    );
  });

  test('is not what any other failure is taken for', async () => {
    const failure = new Error('a bug');
    fakes.readYarnSettings.mockRejectedValue(failure);
    await expect(guards.for(of())).rejects.toBe(failure);
    expect(failure).not.toBeInstanceOf(TarwardenError);
  });
});

describe('the archive of a repository', () => {
  const link = (linkname: string) =>
    tgz({ entries: [entry({ name: 'package/link', typeflag: '2', linkname })] });

  test('may hold links that stay inside, whatever the policy says', async () => {
    const guard = await guards.for(of());
    expect(guard.policy.links).toBe('reject');
    expect(await guard.objection(link('index.js'))).toBeUndefined();
    expect(await guard.objection(link('../../out'))).toMatch(/leaves the package/);
  });
});

describe('the thread that inspects', () => {
  test('is the program that the build put there, without what Node was told to load', async () => {
    vi.stubGlobal('TARWARDEN_PROGRAM', 'PROGRAM');
    await guards.for(of());
    fakes.start?.();
    expect(fakes.workers).toEqual([
      ['(PROGRAM)(require, true)', { eval: true, execArgv: [], env: {} }],
    ]);
    vi.unstubAllGlobals();
  });
});
