/** A policy of another user in the place of the user's own, and policies above the project: they let nothing in. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Exception } from '@tarwarden/core';
import { exceptionHash } from '@tarwarden/core/policy';
import { allow } from '../../support/approval.ts';
import type { Result } from '../../support/managers.ts';
import { exception, makeWorld, managersByGuard, type World } from './world.ts';

/** Another user of the machine. */
const MALLORY = 54_322;
const policy = JSON.stringify({ exceptions: [exception] });
const output = ({ stdout, stderr }: Result): string => `${stdout}\n${stderr}`;
/** The output as one line: Yarn puts words in front of lines, and Yarn and pnpm 12 break long ones. */
const plain = (result: Result): string =>
  output(result).replaceAll(/\s*\n?➤ YN0000: (?:│ )?|\s*\n\s*/g, ' ');

let world: World;
afterEach(() => world.dispose());

describe.runIf(process.getuid?.() === 0).each(managersByGuard)('%s', (manager) => {
  let shared: string;
  let app: string;
  beforeEach(async () => {
    world = await makeWorld(manager);
    shared = join(world.sandbox.root, 'shared');
    app = join(shared, 'app');
    mkdirSync(app, { recursive: true });
    // Approved as an exception of a repository: what lets nothing in here is where it is written.
    const hash = exceptionHash(exception as unknown as Exception);
    await allow({ env: world.sandbox.env, cwd: app }, '--approve', hash);
  });

  const put = (path: string, text: string, uid = 0): void => {
    writeFileSync(path, text);
    chownSync(path, uid, uid);
  };
  const expectRefusal = (result: Result, ...said: readonly RegExp[]): void => {
    expect(result).not.toMatchObject({ code: 0 });
    for (const pattern of said) expect(plain(result)).toMatch(pattern);
    expect(world.landed('evil', app)).toBe(false);
  };

  test("an exception in a folder above the project's root lets nothing in", async () => {
    world.project(app, 'evil');
    put(join(shared, 'tarwarden.json'), policy);
    expectRefusal(await world.install({ cwd: app }), /duplicate-path/);
  });

  test("another user's file in the place of the user's own stops the install", async () => {
    world.project(app, 'evil');
    const folder = join(world.sandbox.env['XDG_CONFIG_HOME']!, 'tarwarden');
    put(join(folder, 'policy.json'), policy, MALLORY);
    expectRefusal(await world.install({ cwd: app }), /policy\.json belongs to uid 54322/);
  });

  test('what stands above the project stops no install', async () => {
    world.project(app, 'clean');
    mkdirSync(join(shared, 'tarwarden.json'));
    execFileSync('mkfifo', [join(world.sandbox.root, 'tarwarden.json')]);
    // npm and Yarn read a package.json there themselves: a folder is what all of them bear.
    const result = await world.install({ cwd: app });
    expect(result).toMatchObject({ code: 0 });
    expect(world.landed('clean', app)).toBe(true);
  });

  test('root over a checkout of another user without a policy is silent', async () => {
    world.project(app, 'clean');
    execFileSync('chown', ['-R', `${MALLORY}:${MALLORY}`, app]);
    const result = await world.install({ cwd: app });
    expect(result).toMatchObject({ code: 0 });
    expect(output(result)).not.toMatch(/tarwarden: /);
  });

  test('a policy at the root of the repository holds for a package below', async () => {
    mkdirSync(join(shared, '.git'));
    world.project(app, 'evil');
    put(join(shared, 'tarwarden.json'), policy);
    const result = await world.install({ cwd: app });
    expect(result).toMatchObject({ code: 0 });
  });

  test('files of the repository do not move the place of the own policy', async () => {
    world.project(app, 'evil');
    const planted = join(app, 'planted');
    world.sandbox.write({ 'tarwarden/policy.json': policy }, planted);
    world.sandbox.write({ '.config/tarwarden/policy.json': policy }, planted);
    const lines = [`XDG_CONFIG_HOME=${planted}`, `HOME=${planted}`, `USERPROFILE=${planted}`];
    for (const name of ['.env', '.env.yarn', '.env.local'])
      writeFileSync(join(app, name), `${lines.join('\n')}\n`);
    writeFileSync(join(app, '.npmrc'), `${lines.join('\n')}\nxdg-config-home=${planted}\n`);
    if (manager === 'yarn-4')
      appendFileSync(join(app, '.yarnrc.yml'), 'injectEnvironmentFiles: [".env.yarn"]\n');
    expectRefusal(await world.install({ cwd: app }), /duplicate-path/);
    rmSync(planted, { recursive: true });
  });

  test.runIf(manager.startsWith('yarn'))(
    'a .yarnrc.yml above the project lets nothing in',
    async () => {
      world.project(app, 'evil');
      const fields = Object.entries(exception).map(
        ([key, value]) => `${key}: ${JSON.stringify(value)}`,
      );
      put(join(shared, '.yarnrc.yml'), `tarwardenExceptions: [{ ${fields.join(', ')} }]\n`);
      expectRefusal(await world.install({ cwd: app }), /duplicate-path/);
      appendFileSync(join(app, '.yarnrc.yml'), `tarwardenExceptions: [{ ${fields.join(', ')} }]\n`);
      expect((await world.install({ cwd: app })).code).toBe(0);
    },
  );
});
