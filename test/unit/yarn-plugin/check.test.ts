/** What `yarn tarwarden check` reports of a project, and when it fails. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { checkCommand } from '../../../packages/yarn-plugin/src/check.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { live, yarnCore } from '../../support/yarn-core.ts';

const fakes = vi.hoisted(() => ({ armed: vi.fn() }));
vi.mock('../../../packages/yarn-plugin/node_modules/@yarnpkg/core', async () =>
  (await import('../../support/yarn-core.ts')).liveCore(),
);
vi.mock('../../../packages/yarn-plugin/src/arm.ts', () => ({ armed: fakes.armed }));

const PLUGIN = 'the plugin';
const SHA512 = createHash('sha512').update(PLUGIN).digest('hex');
const OTHER = '0'.repeat(128);
const REQUIRED = { tarwardenRequired: true };
const plugins = { name: 'the plugins' };

let project: string;
let file: string;
/** What the rc files hold, by the folder that they are in. */
let rcFiles: { cwd: string; data: unknown }[];
const guardFor = vi.fn();

freshFolder((made) => {
  project = made;
  file = join(project, 'plugin.cjs');
  writeFileSync(file, PLUGIN);
  rcFiles = [{ cwd: project, data: REQUIRED }];
  fakes.armed.mockReset().mockReturnValue({ file, version: '1.2.3', hooks: {} });
  guardFor.mockReset().mockResolvedValue({
    strict: false,
    policy: { links: 'reject', exceptions: [] },
    files: [],
  });
  live.core = yarnCore();
  const configuration = {
    find: vi.fn(async (startingCwd: string) => ({ startingCwd })),
    findRcFiles: vi.fn(async () => rcFiles),
  };
  Object.assign(live.core, { Configuration: configuration });
});

/** Runs the command as Yarn does, once it has read the command line. */
async function run(options: { sha512?: string; json?: boolean } = {}) {
  let text = '';
  const stdout = { write: (chunk: string) => (text += chunk) };
  const command = new (checkCommand({ for: guardFor } as never))();
  const { sha512, json = false } = options;
  Object.assign(command, { context: { cwd: project, plugins, stdout }, sha512, json });
  return { code: await command.execute(), text };
}

async function problems(options: { sha512?: string } = {}): Promise<string[]> {
  const { code, text } = await run({ ...options, json: true });
  const facts = JSON.parse(text) as { ok: boolean; problems: string[] };
  expect(text.endsWith('}\n')).toBe(true);
  expect(facts.ok).toBe(facts.problems.length === 0);
  expect(code).toBe(facts.ok ? 0 : 1);
  return facts.problems;
}

describe('a project under guard', () => {
  test('passes, with what applies to it', async () => {
    expect(await run()).toEqual({
      code: 0,
      text: [
        'tarwarden 1.2.3: armed',
        '  Yarn:       4.12.0',
        `  plugin:     ${file}`,
        `  sha512:     ${SHA512}`,
        '  required:   yes',
        '  strict:     no',
        '  links:      reject',
        '  exceptions: 0',
        '  policy:     the built-in one',
        '',
      ].join('\n'),
    });
    const { find } = live.core.Configuration as unknown as { find: unknown };
    expect(find).toHaveBeenCalledExactlyOnceWith(project, plugins);
    expect(guardFor).toHaveBeenCalledExactlyOnceWith({ startingCwd: project });
  });

  test('passes by the policy that it has', async () => {
    const policy = { links: 'contained', exceptions: [{}, {}] };
    guardFor.mockResolvedValue({ strict: true, policy, files: ['/a.json', '/b.json'] });
    const { code, text } = await run();
    expect(code).toBe(0);
    expect(text).toContain('  strict:     yes\n');
    expect(text).toContain('  links:      contained\n');
    expect(text).toContain('  exceptions: 2\n');
    expect(text).toContain('  policy:     /a.json, /b.json\n');
  });

  test('is reported to programs in one line', async () => {
    const { code, text } = await run({ json: true });
    expect(code).toBe(0);
    expect(text.trimEnd()).not.toContain('\n');
    expect(JSON.parse(text)).toEqual({
      ok: true,
      problems: [],
      version: '1.2.3',
      yarn: '4.12.0',
      file,
      sha512: SHA512,
      required: true,
      strict: false,
      links: 'reject',
      exceptions: 0,
      policyFiles: [],
    });
  });
});

test('the command is `yarn tarwarden check`', () => {
  expect(checkCommand({ for: guardFor } as never).paths).toEqual([['tarwarden', 'check']]);
});

test('a project without the guard fails, whatever else is right', async () => {
  fakes.armed.mockReturnValue(undefined);
  expect(await problems()).toEqual(['the guard is not armed']);
  expect(await problems({ sha512: SHA512 })).toHaveLength(2);
  const { code, text } = await run();
  expect(code).toBe(1);
  expect(text).toMatch(/^tarwarden: not armed\n/);
  expect(text).toContain('  plugin:     none\n  sha512:     none\n');
  expect(text).toMatch(/\nproblem: the guard is not armed\n$/);
});

test('a Yarn that does not say its version is reported as such', async () => {
  live.core.YarnVersion = null;
  const { code, text } = await run();
  expect(code).toBe(0);
  expect(text).toContain('  Yarn:       unknown\n');
});

test('a policy that is not valid fails, and nothing is said to apply', async () => {
  guardFor.mockRejectedValue(new Error('the policy is not valid'));
  expect(await problems()).toEqual(['the policy is not valid']);
  const { text } = await run();
  expect(text).toContain('  strict:     unknown\n  links:      unknown\n  exceptions: unknown\n');
});

describe('the hash that is given', () => {
  test.each([SHA512, SHA512.toUpperCase()])('is that of the plugin: %s', async (sha512) => {
    expect(await problems({ sha512 })).toEqual([]);
  });

  test.each([OTHER, '', SHA512.slice(1)])('is another one: %j', async (sha512) => {
    expect(await problems({ sha512 })).toEqual([
      'the plugin file has another SHA-512 than the one given',
    ]);
  });
});

describe('the checksum that `yarn plugin import` noted', () => {
  const CHANGED = 'the plugin file was changed since `yarn plugin import` noted its checksum';
  const noted = (all: unknown, cwd: string = project): void => {
    rcFiles = [{ cwd, data: { ...REQUIRED, plugins: all } }];
  };

  test('is compared', async () => {
    noted([{ path: 'plugin.cjs', checksum: SHA512 }]);
    expect(await problems()).toEqual([]);
    noted([{ path: 'plugin.cjs', checksum: OTHER }]);
    expect(await problems()).toEqual([CHANGED]);
  });

  test('is found behind other plugins, by a path from its own file', async () => {
    const other = { path: './other.cjs', checksum: SHA512 };
    noted([other, { path: './sub/../plugin.cjs', checksum: OTHER }]);
    expect(await problems()).toEqual([CHANGED]);
    noted(
      [{ path: `./${project.split('/').at(-1)}/plugin.cjs`, checksum: OTHER }],
      dirname(project),
    );
    expect(await problems()).toEqual([CHANGED]);
  });

  test('is that of no other file', async () => {
    noted([{ path: 'other.cjs', checksum: OTHER }]);
    expect(await problems()).toEqual([]);
    noted([{ path: 'plugin.cjs', checksum: OTHER }], dirname(project));
    expect(await problems()).toEqual([]);
  });

  test.each([
    undefined,
    'plugin.cjs',
    ['plugin.cjs'],
    [null],
    [{}],
    [{ path: 'plugin.cjs' }],
    [{ path: 'plugin.cjs', checksum: 1 }],
    [{ checksum: OTHER }],
  ])('is not there: %j', async (all) => {
    noted(all);
    expect(await problems()).toEqual([]);
  });
});

describe('`tarwardenRequired`', () => {
  const LOST = expect.stringMatching(/^no \.yarnrc\.yml has `tarwardenRequired: true`/) as string;

  test.each([true, 'true'])('is enough in any file: %j', async (value) => {
    rcFiles = [
      { cwd: project, data: null },
      { cwd: dirname(project), data: { tarwardenRequired: value } },
    ];
    expect(await problems()).toEqual([]);
  });

  test.each([
    [[]],
    [[undefined]],
    [['text']],
    [[{}]],
    [[{ tarwardenRequired: false }]],
    [[{ tarwardenRequired: 'yes' }]],
  ])('is not in %j', async (all) => {
    rcFiles = all.map((data) => ({ cwd: project, data }));
    expect(await problems()).toEqual([LOST]);
    expect((await run()).text).toContain('  required:   no\n');
  });
});
