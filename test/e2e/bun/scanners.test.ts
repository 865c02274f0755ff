/** Scanners beside ours, and ours without the guard. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { available, repository, type Result } from '../../support/managers.ts';
import {
  bare,
  cleanTarball,
  forget,
  guarded,
  hasLanded,
  hostile,
  publish,
  SUBJECT,
  writeProject,
  useBench,
  type Files,
} from './guarded.ts';
import { removeAll } from './roads.ts';

describe.skipIf(!available('bun').ok)('bun', () => {
  const bench = useBench();
  let mark: string;
  beforeEach(() => {
    mark = join(bench.sandbox.root, 'mark');
  });

  const project = (files: Files = {}, fields: object = {}): void =>
    writeProject(bench, files, fields);

  /** A clean package of the same name and version, of which bun does not remember what the registry said before. */
  const publishAnew = (): void => {
    publish(bench, cleanTarball());
    removeAll(bench);
  };

  /** A scanner of the project or the user, which leaves a mark. */
  const scanner = (level?: 'fatal' | 'warn'): string => `
    import { appendFileSync } from 'node:fs';
    export const scanner = { version: '1', async scan({ packages }) {
      appendFileSync(${JSON.stringify(mark)}, packages.map((one) => one.name).join() + '\\n');
      const level = ${JSON.stringify(level ?? null)};
      return level ? packages.map(({ name }) => ({ level, package: name, url: null, description: 'theirs' })) : [];
    } };
  `;

  function expectRefused(result: Result): void {
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    expect(hasLanded(bench)).toBe(false);
  }

  describe("a project's own scanner", () => {
    const bunfig = { 'bunfig.toml': '[install.security]\nscanner = "./own/scanner.ts"\n' };

    test('is asked after ours, and what it says counts', async () => {
      publish(bench, cleanTarball());
      project({ ...bunfig, 'own/scanner.ts': scanner() });
      expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
      expect(readFileSync(mark, 'utf8')).toBe(`${SUBJECT}\n`);
      forget(bench);
      project({ ...bunfig, 'own/scanner.ts': scanner('fatal') });
      const result = await guarded(bench, ['install']);
      expect(result.code).toBe(1);
      expect(result.stdout).toContain('theirs');
      expect(hasLanded(bench)).toBe(false);
    });

    test('does not take the place of ours', async () => {
      publish(bench, hostile);
      project({ ...bunfig, 'own/scanner.ts': scanner() });
      expect(await bare(bench, ['install'])).toMatchObject({ code: 0 });
      expect(hasLanded(bench)).toBe(true);
      forget(bench);
      expectRefused(await guarded(bench, ['install']));
    });

    test('that is a package is asked where it is there, and missed where it is not', async () => {
      publish(bench, cleanTarball());
      project({ 'bunfig.toml': '[install.security]\nscanner = "@acme/scanner"\n' });
      const missing = await guarded(bench, ['install']);
      expect(missing.code).toBe(97);
      expect(missing.stderr).toContain('@acme/scanner of the settings is not there yet');
      const folder = join(bench.sandbox.root, 'node_modules/@acme/scanner');
      mkdirSync(folder, { recursive: true });
      const manifest = { name: '@acme/scanner', exports: { '.': './s.ts' }, type: 'module' };
      writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
      writeFileSync(join(folder, 's.ts'), scanner());
      expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
      expect(readFileSync(mark, 'utf8')).toBe(`${SUBJECT}\n`);
    });

    test('in an install that a script starts makes the run fail', async () => {
      publish(bench, hostile);
      project({ ...bunfig, 'own/scanner.ts': scanner() }, { scripts: { go: 'bun install' } });
      const result = await guarded(bench, ['run', 'go']);
      expect(result.code).toBe(98);
      expect(result.stderr).toContain('without asking the guard');
    });
  });

  test("the user's own scanner is asked as well, and the user's other settings hold", async () => {
    publish(bench, hostile);
    project();
    const file = join(bench.sandbox.home, 'scanner.ts');
    writeFileSync(file, scanner());
    writeFileSync(
      join(bench.sandbox.env['XDG_CONFIG_HOME']!, '.bunfig.toml'),
      `[install]\nexact = true\n[install.security]\nscanner = ${JSON.stringify(file)}\n`,
    );
    expectRefused(await guarded(bench, ['install']));
    publishAnew();
    expect(await guarded(bench, ['add', SUBJECT])).toMatchObject({ code: 0 });
    expect(readFileSync(mark, 'utf8')).toContain(SUBJECT);
    const { dependencies } = JSON.parse(
      readFileSync(join(bench.sandbox.project, 'package.json'), 'utf8'),
    ) as { dependencies: Record<string, string> };
    expect(dependencies[SUBJECT]).toBe('1.0.0');
  });

  test('where nobody is there to ask', async () => {
    publish(bench, cleanTarball());
    const guard = join(repository, 'packages/bun-wrapper/guard/scanner.mjs');
    project({ 'bunfig.toml': `[install.security]\nscanner = ${JSON.stringify(guard)}\n` });
    for (const env of [{}, { TARWARDEN_BUN_SOCKET: '/nowhere', TARWARDEN_BUN_TOKEN: 'x' }]) {
      // oxlint-disable-next-line no-await-in-loop
      const result = await bare(bench, ['install'], { env });
      expect(result.code).toBe(1);
      expect(hasLanded(bench)).toBe(false);
    }
  });
});
