/** Lockfiles of real managers: quiet as they were written, and found out when something else is put into them. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { freshAll } from '../../support/fresh-each.ts';
import { available, run, type ManagerName } from '../../support/managers.ts';
import { startRegistry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { audited, type Audited } from './audited.ts';

const registry = freshAll(() =>
  startRegistry({
    packages: [
      { name: 'a', version: '1.0.0' },
      { name: 'a', version: '1.2.0', tag: 'next' },
      { name: 'evil', version: '1.0.0' },
      { name: 'parent', version: '1.0.0', manifest: { dependencies: { a: '^1.0.0' } } },
    ],
  }),
);
let sandbox: Sandbox;

afterEach(() => sandbox.dispose());

const managers: [ManagerName, string[], string][] = [
  ['npm-10', ['install', '--package-lock-only'], 'package-lock.json'],
  ['npm-12', ['install', '--package-lock-only'], 'package-lock.json'],
  ['pnpm-10', ['install', '--lockfile-only'], 'pnpm-lock.yaml'],
  ['pnpm-12', ['install', '--lockfile-only'], 'pnpm-lock.yaml'],
  ['yarn-1', ['install', '--ignore-scripts'], 'yarn.lock'],
  ['yarn-4', ['install', '--mode=skip-build'], 'yarn.lock'],
  ['bun', ['install', '--lockfile-only'], 'bun.lock'],
];

const checks = ({ packages }: Audited): string[] =>
  packages.flatMap((one) =>
    one.checks
      .filter(({ id }) => id !== 'unpinned')
      .map(({ id, level }) => `${level} ${id} ${one.package?.name}`),
  );

/** How each says that what `a` asks for is `evil`. */
function swapped(text: string): string {
  return text
    .replace(/(a:\n +specifier: 1\.0\.0\n +version: )1\.0\.0/, '$1evil@1.0.0')
    .replace(/("node_modules\/a": \{)/, '$1\n      "name": "evil",')
    .replace(/resolution: "a@npm:1\.0\.0"/, 'resolution: "evil@npm:1.0.0"')
    .replace(/^a@(.+):\n {2}version "1\.0\.0"/m, 'evil@1.0.0, a@$1:\n  version "1.0.0"')
    .replace('"a": ["a@1.0.0"', '"a": ["evil@1.0.0"');
}

describe.each(managers)('%s', (manager, args, lockfile) => {
  it.skipIf(!available(manager).ok)('has what the project asks for', async () => {
    sandbox = makeSandbox({
      registry: registry.url,
      project: {
        'package.json': {
          name: 'app',
          version: '1.0.0',
          private: true,
          workspaces: ['pkgs/*'],
          dependencies: { a: '1.0.0', alias: 'npm:evil@^1', parent: 'latest', w: '1.0.0' },
          optionalDependencies: { tagged: 'npm:a@next' },
        },
        'pnpm-workspace.yaml': 'packages:\n  - pkgs/*\nlinkWorkspacePackages: true\n',
        'pkgs/w/package.json': { name: 'w', version: '1.0.0', dependencies: { a: '^1.1.0' } },
      },
    });
    const written = await run(manager, args, { sandbox, env: { CI: undefined } });
    expect(written).toMatchObject({ code: 0 });
    const clean = await audited(sandbox);
    expect(checks(clean)).toEqual([]);
    expect(clean.code).toBe(0);

    const path = join(sandbox.project, lockfile);
    const text = readFileSync(path, 'utf8');
    const other = swapped(text);
    expect(other).not.toBe(text);
    writeFileSync(path, other);
    const found = await audited(sandbox);
    expect(checks(found)).toContainEqual(expect.stringMatching(/^error other-package/));
    expect(found.code).toBe(1);

    writeFileSync(path, text);
    const manifest = join(sandbox.project, 'package.json');
    const asked = readFileSync(manifest, 'utf8');
    writeFileSync(manifest, asked.replace(/"a": ?"1.0.0"/, '"a": "^1.0.5"'));
    const outdated = checks(await audited(sandbox));
    expect(outdated).toEqual([expect.stringMatching(/^warning not-as-asked a/)]);
  });
});
