import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import {
  readYarnSettings,
  type YarnPolicySettings,
} from '../../../packages/yarn-plugin/src/settings.ts';
import { freshFolder } from '../../support/fresh-folder.ts';

let root: string;
let home: string;
let project: string;
freshFolder((made) => {
  root = made;
  home = join(root, 'home');
  project = join(home, 'work', 'project');
  mkdirSync(project, { recursive: true });
  vi.stubEnv('HOME', home);
  vi.stubEnv('USERPROFILE', home);
});

const write = (folder: string, ...lines: string[]): void =>
  writeFileSync(join(folder, '.yarnrc.yml'), `${lines.join('\n')}\n`);

/** What `configuration.get` says is only taken where it makes things stricter. */
const read = (values: Record<string, unknown> = {}): Promise<YarnPolicySettings> =>
  readYarnSettings({
    startingCwd: project,
    get: (name: string) => ({ tarwardenStrict: false, ...values })[name],
  } as never);

describe('settings', () => {
  test('are none where no file has any', async () => {
    write(project, 'nodeLinker: pnp');
    expect(await read()).toEqual({ policies: [], strict: false });
  });

  test('have the rights of the file in which they stand', async () => {
    write(project, 'tarwardenLinks: reject');
    write(join(home, 'work'), 'tarwardenLinks: contained');
    write(home, 'tarwardenLinks: contained');
    const { policies } = await read();
    const own = Object.fromEntries(policies.map((one) => [one.origin, one.own]));
    expect(own).toEqual({
      [join(project, '.yarnrc.yml')]: false,
      [join(home, 'work', '.yarnrc.yml')]: false,
      [join(home, '.yarnrc.yml')]: true,
    });
  });

  test('above the home folder are not found by way of it', async () => {
    project = join(root, 'elsewhere');
    mkdirSync(project);
    write(home, 'tarwardenLinks: contained');
    const { policies } = await read();
    expect(policies.map((one) => one.own)).toEqual([true]);
  });

  test("are the user's own by the name that Yarn 4 has for them, whatever name the others have", async () => {
    vi.stubEnv('YARN_RC_FILENAME', 'rc.yml');
    project = join(root, 'elsewhere');
    mkdirSync(project);
    write(home, 'tarwardenLinks: reject');
    writeFileSync(join(home, 'rc.yml'), 'tarwardenLinks: contained\n');
    writeFileSync(join(project, 'rc.yml'), 'tarwardenLinks: contained\n');
    const { policies } = await read();
    expect(policies.map(({ origin, own }) => [origin, own])).toEqual([
      [join(project, 'rc.yml'), false],
      [join(home, '.yarnrc.yml'), true],
    ]);
  });

  test('name policy files relative to themselves', async () => {
    write(project, 'tarwardenPolicy: ./config/policy.json');
    const [policy] = (await read()).policies;
    expect(policy).toMatchObject({ own: false, file: join(project, 'config/policy.json') });
  });

  test('keep exceptions as they are written, for the core to check', async () => {
    write(project, 'tarwardenExceptions:', '  - package: a@1.0.0', '    expires: 2030-01-01');
    const [policy] = (await read()).policies;
    expect(policy?.value).toEqual({
      exceptions: [{ package: 'a@1.0.0', expires: '2030-01-01' }],
    });
  });

  test('are strict where any file, or the environment, says so', async () => {
    expect((await read({ tarwardenStrict: true })).strict).toBe(true);
    write(project, 'tarwardenStrict: true');
    expect((await read({ tarwardenStrict: false })).strict).toBe(true);
  });

  test('of the environment that would loosen are not seen', async () => {
    expect(await read({ tarwardenLinks: 'contained', tarwardenPolicy: '/x.json' })).toEqual({
      policies: [],
      strict: false,
    });
  });
});
