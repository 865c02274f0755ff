/** What a user is told of an install, by the guards that are set up by themselves and by the wrappers. */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ManagerName } from '../../support/managers.ts';
import { hostile, makeWorld, type World } from '../policy/world.ts';
import { linesOf, reportingManagers, wrapped } from './support.ts';

let world: World;
let report: string;
let env: NodeJS.ProcessEnv;
afterEach(() => world.dispose());

/** Writes a lockfile that names evil@1.0.0. Returns its name, and the line of the package. */
function lockEvil(manager: ManagerName, folder: string): [name: string, line: number] {
  const integrity = `sha512-${createHash('sha512').update(hostile).digest('base64')}`;
  const [client = ''] = manager.split('-');
  const [name, lines, mark] = {
    npm: [
      'package-lock.json',
      [
        '{"name": "project", "version": "1.0.0", "lockfileVersion": 3, "packages": {',
        '"": {"name": "project", "version": "1.0.0", "dependencies": {"evil": "1.0.0"}},',
        `"node_modules/evil": {"version": "1.0.0", "integrity": "${integrity}"}}}`,
      ],
      'node_modules/evil',
    ] as const,
    pnpm: [
      'pnpm-lock.yaml',
      [
        "lockfileVersion: '9.0'",
        'importers:\n  .:\n    dependencies:\n      evil:',
        '        specifier: 1.0.0\n        version: 1.0.0',
        `packages:\n  evil@1.0.0:\n    resolution: {integrity: ${integrity}}`,
        'snapshots:\n  evil@1.0.0: {}',
      ],
      '  evil@1.0.0:',
    ] as const,
    yarn: [
      'yarn.lock',
      [
        '__metadata:\n  version: 8',
        '"evil@npm:1.0.0":\n  version: 1.0.0\n  resolution: "evil@npm:1.0.0"',
        '  languageName: node\n  linkType: hard',
      ],
      '"evil@npm:1.0.0":',
    ] as const,
  }[client]!;
  const text = `${lines.join('\n')}\n`;
  writeFileSync(join(folder, name), text);
  return [name, text.split('\n').findIndex((line) => line.includes(mark)) + 1];
}

describe.each(reportingManagers)('%s', (manager) => {
  beforeEach(async () => {
    world = await makeWorld(manager);
    report = join(world.sandbox.root, 'report.ndjson');
    const step = join(world.sandbox.root, 'step.md');
    writeFileSync(step, '');
    env = { TARWARDEN_REPORT: report, TARWARDEN_SUMMARY: '1', GITHUB_STEP_SUMMARY: step };
  });

  test.each(['by itself', 'wrapped'])(
    '%s: lists what is inspected, and what is remembered',
    async (how) => {
      const install = (): ReturnType<World['install']> =>
        how === 'wrapped' ? wrapped(world, env) : world.install({ env });
      world.project(world.sandbox.project, 'clean');
      const first = await install();
      expect(first).toMatchObject({ code: 0 });
      const lines = linesOf(report);
      const archives = lines.filter(({ type }) => type === 'archive');
      expect(new Set(archives.map((one) => one.package))).toEqual(new Set(['clean@1.0.0']));
      expect(archives[0]).toMatchObject({
        schema: 1,
        status: 'accept',
        refused: false,
        remembered: false,
        mode: 'refuse',
        findings: [],
        sha512: expect.stringMatching(/^[0-9a-f]{128}$/) as unknown,
      });
      // pnpm 12 ends the process of a pnpmfile before it can say more.
      if (manager === 'pnpm-12' && how !== 'wrapped') return;
      expect(lines.at(-1)).toMatchObject({
        type: 'summary',
        inspected: 1,
        accepted: 1,
        refused: 0,
      });
      expect(lines.filter(({ type }) => type === 'summary')).toHaveLength(1);
      expect(new Set(lines.map(({ run }) => run)).size).toBe(1);
      expect(first.stderr).toContain('tarwarden: 1 inspected, 1 accepted\n');
      expect(readFileSync(env['GITHUB_STEP_SUMMARY']!, 'utf8')).toBe(
        '### tarwarden\n\n1 inspected, 1 accepted.\n\n',
      );
      rmSync(join(world.sandbox.project, 'node_modules'), { recursive: true });
      expect(await install()).toMatchObject({ code: 0 });
      expect(linesOf(report).slice(lines.length)).toContainEqual(
        expect.objectContaining({ package: 'clean@1.0.0', remembered: true }),
      );
    },
  );

  test.each(['by itself', 'wrapped'])('%s: lists what is refused', async (how) => {
    const { project } = world.sandbox;
    world.project(project, 'evil');
    const [lockfile, line] = lockEvil(manager, project);
    Object.assign(env, { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: project });
    const result = how === 'wrapped' ? await wrapped(world, env) : await world.install({ env });
    expect(result).not.toMatchObject({ code: 0 });
    // A guard in its client annotates without the line. pnpm 12 ends its process before that.
    const at = how === 'wrapped' ? `file=${lockfile},line=${line},` : '';
    const title = `::error ${at}title=tarwarden refused evil@1.0.0::`;
    const annotations = result.stderr.split('\n').filter((text) => text.startsWith('::error '));
    const isSilent = manager === 'pnpm-12' && how !== 'wrapped';
    expect(annotations).toEqual(isSilent ? [] : [expect.stringContaining(title)]);
    const lines = linesOf(report);
    expect(lines.find(({ type }) => type === 'archive')).toMatchObject({
      package: 'evil@1.0.0',
      status: 'reject',
      refused: true,
      findings: expect.arrayContaining([
        expect.objectContaining({ rule: 'duplicate-path' }),
      ]) as unknown,
    });
    if (manager === 'pnpm-12' && how !== 'wrapped') return;
    expect(lines.at(-1)).toMatchObject({ type: 'summary', inspected: 1, rejected: 1, refused: 1 });
    expect(result.stderr).toContain('tarwarden: 1 inspected, 0 accepted, 1 refused\n');
    expect(readFileSync(env['GITHUB_STEP_SUMMARY']!, 'utf8')).toContain(
      '| <code>evil&#64;1&#46;0&#46;0</code> | refused | <code>duplicate&#45;path</code> |',
    );
  });

  test('is silent where nobody asked', async () => {
    world.project(world.sandbox.project, 'clean');
    const { code, stderr } = await world.install();
    expect(code).toBe(0);
    expect(stderr).not.toContain('tarwarden');
  });

  test('writes through no link, and installs all the same', async () => {
    const victim = join(world.sandbox.root, 'victim');
    writeFileSync(victim, 'mine\n');
    symlinkSync(victim, report);
    world.project(world.sandbox.project, 'clean');
    const { code, stderr } = await world.install({ env });
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /tarwarden: warning: nothing is written to .*report\.ndjson: it is a link/,
    );
    expect(readFileSync(victim, 'utf8')).toBe('mine\n');
  });
});
