/** `"mode": "report"` in the user's own file: what is rejected is installed, loudly, and nothing of it counts later. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../support/managers.ts';
import { exception, makeWorld, type World } from '../policy/world.ts';
import { linesOf, reportingManagers, wrapped } from './support.ts';

let world: World;
let report: string;
let env: NodeJS.ProcessEnv;
afterEach(() => world.dispose());

const output = ({ stdout, stderr }: Result): string => `${stdout}\n${stderr}`;
const own = (policy: object): void =>
  world.sandbox.write({ 'tarwarden/policy.json': policy }, world.sandbox.env['XDG_CONFIG_HOME']);
const modules = (): string => join(world.sandbox.project, 'node_modules');

describe.each(reportingManagers)('%s', (manager) => {
  beforeEach(async () => {
    world = await makeWorld(manager);
    report = join(world.sandbox.root, 'report.ndjson');
    env = { TARWARDEN_REPORT: report };
    world.project(world.sandbox.project, 'evil');
  });

  test.each(['by itself', 'wrapped'])(
    '%s: installs what it would refuse, and says so',
    async (how) => {
      own({ mode: 'report' });
      const result = how === 'wrapped' ? await wrapped(world, env) : await world.install({ env });
      expect(result).toMatchObject({ code: 0 });
      expect(world.landed('evil')).toBe(true);
      // As an install without the guard leaves it: the last of the two.
      expect(readFileSync(join(modules(), 'evil/twice.js'), 'utf8')).toMatch(/^(?:one|other)$/);
      expect(result.stderr).toContain(
        'tarwarden: REPORT ONLY: your own policy file says "mode": "report"',
      );
      expect(result.stderr).toContain(
        'REPORT ONLY: would refuse evil@1.0.0: this archive is not safe to unpack, and is installed',
      );
      expect(result.stderr).toContain('duplicate-path');
      expect(linesOf(report).find(({ type }) => type === 'archive')).toMatchObject({
        package: 'evil@1.0.0',
        status: 'reject',
        refused: false,
        mode: 'report',
      });
      if (manager === 'pnpm-12' && how !== 'wrapped') return;
      const last = result.stderr.trimEnd().split('\n').at(-1);
      expect(last).toBe(
        'tarwarden: REPORT ONLY: nothing that was rejected is kept out; 1 of 1 package would have been refused',
      );
      expect(linesOf(report).at(-1)).toMatchObject({ type: 'summary', mode: 'report', refused: 0 });
    },
  );

  test('remembers nothing as accepted', async () => {
    own({ mode: 'report' });
    expect(await world.install()).toMatchObject({ code: 0 });
    own({ mode: 'refuse' });
    rmSync(modules(), { recursive: true });
    const result = await world.install();
    expect(result).not.toMatchObject({ code: 0 });
    // Yarn has kept its own archive, in which no path is there twice: its tarball is fetched again.
    expect(output(result)).toMatch(/duplicate-path/);
    expect(world.landed('evil')).toBe(false);
    // And the other way around.
    own({ mode: 'report' });
    expect(await world.install()).toMatchObject({ code: 0 });
    expect(world.landed('evil')).toBe(true);
  });

  // Yarn alone keeps what it makes of an archive, in which nothing shows what was wrong.
  test.runIf(manager.startsWith('yarn'))(
    'what an exception let pass is refused once the exception is gone',
    async () => {
      own({ exceptions: [exception] });
      expect(await world.install()).toMatchObject({ code: 0 });
      expect(world.landed('evil')).toBe(true);
      rmSync(modules(), { recursive: true });
      const downloads = (): number => world.registry.downloads().length;
      const before = downloads();
      expect(await world.install()).toMatchObject({ code: 0 });
      expect(downloads()).toBe(before);

      for (const policy of [{}, { exceptions: [{ ...exception, expires: '2020-01-01' }] }]) {
        own(policy);
        rmSync(modules(), { recursive: true, force: true });
        const result = await world.install();
        expect(result).not.toMatchObject({ code: 0 });
        expect(output(result)).toContain('duplicate-path');
        expect(world.landed('evil')).toBe(false);
      }

      const offline = await world.install({ env: { YARN_ENABLE_NETWORK: 'false' } });
      expect(offline).not.toMatchObject({ code: 0 });
      expect(output(offline)).toMatch(/evil@1\.0\.0[^]*only report mode or an exception let/);
      expect(world.landed('evil')).toBe(false);

      own({ exceptions: [{ ...exception, reason: 'looked at again' }] });
      expect(await world.install()).toMatchObject({ code: 0 });
      expect(world.landed('evil')).toBe(true);
    },
  );

  test('is nothing that a repository can ask for', async () => {
    const planted = join(world.sandbox.project, 'planted');
    const policy = JSON.stringify({ mode: 'report' });
    world.sandbox.write({ 'tarwarden/policy.json': policy }, planted);
    const lines = `XDG_CONFIG_HOME=${planted}\nTARWARDEN_REPORT=${report}\nTARWARDEN_MODE=report\n`;
    for (const name of ['.env', '.env.yarn'])
      writeFileSync(join(world.sandbox.project, name), lines);
    writeFileSync(join(world.sandbox.project, '.npmrc'), `${lines}xdg-config-home=${planted}\n`);
    expect(await world.install()).not.toMatchObject({ code: 0 });
    world.sandbox.write({ 'tarwarden.json': policy });
    const result = await world.install();
    expect(result).not.toMatchObject({ code: 0 });
    const words = output(result).replaceAll(/\s*\n?➤ YN0000: (?:│ )?|\s*\n\s*/g, ' ');
    expect(words).toContain(
      'mode may not switch refusals off: only your own policy file may do that',
    );
    expect(world.landed('evil')).toBe(false);
    expect(existsSync(report)).toBe(false);
  });

  test('is taken back by a repository that wants refusals', async () => {
    own({ mode: 'report' });
    world.sandbox.write({ 'tarwarden.json': { mode: 'refuse' } });
    for (const how of ['by itself', 'wrapped']) {
      const install =
        how === 'wrapped'
          ? wrapped(world, { ...env, TARWARDEN_SUMMARY: '1' })
          : world.install({ env });
      // oxlint-disable-next-line no-await-in-loop
      const result = await install;
      expect(result).not.toMatchObject({ code: 0 });
      expect(world.landed('evil')).toBe(false);
      expect(result.stderr).not.toMatch(/nothing that was rejected|would (?:be|have been) refused/);
      if (how === 'wrapped')
        expect(result.stderr).toMatch(
          /tarwarden: 1 inspected( \(1 remembered\))?, 0 accepted, 1 refused\n/,
        );
      else if (manager === 'pnpm-12') continue;
      expect(linesOf(report).at(-1)).toMatchObject({ type: 'summary', mode: 'refuse', refused: 1 });
    }
    expect(linesOf(report).every(({ mode }) => mode === 'refuse')).toBe(true);
  });

  // npm's guard alone does not read what is longer than all that it may hold; the others have a verdict.
  test.runIf(manager.startsWith('npm'))('installs nothing that is not inspected', async () => {
    own({ mode: 'report', limits: { unpackedBytes: 1 } });
    const result = await world.install({ env });
    expect(result).not.toMatchObject({ code: 0 });
    expect(output(result)).toContain('not inspected, so not installed: evil@1.0.0');
    expect(world.landed('evil')).toBe(false);
    expect(linesOf(report)).toContainEqual(
      expect.objectContaining({ package: 'evil@1.0.0', status: 'error', refused: true }),
    );
  });
});
