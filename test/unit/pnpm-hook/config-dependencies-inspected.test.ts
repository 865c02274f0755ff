/** Config dependencies, which pnpm has unpacked before it asks anybody: what is inspected for them. */
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  fakes,
  hook,
  inspect,
  link,
  linked,
  place,
  refusedBecause,
  root,
  sources,
  unpacked,
} from '../../support/pnpm-config-dependencies.ts';

const { inspectConfigDependencies, folderDigest } =
  await import('../../../packages/pnpm-hook/src/config-dependencies/config-dependencies.ts');

const SHA512 = `sha512-${'A'.repeat(86)}==`;

describe('what pnpm unpacked', () => {
  test('is inspected as the tarball that it claims to be', async () => {
    unpacked('a');
    unpacked('@s/b');
    await inspect();
    expect(sources()).toStrictEqual([
      {
        kind: 'download',
        id: '@s/b@1.0.0',
        url: 'https://registry.example/@s/b/-/b-1.0.0.tgz',
        expected: { name: '@s/b', version: '1.0.0' },
      },
      {
        kind: 'download',
        id: 'a@1.0.0',
        url: 'https://registry.example/a/-/a-1.0.0.tgz',
        expected: { name: 'a', version: '1.0.0' },
      },
    ]);
    expect(fakes.theGuard).toHaveBeenCalledWith(root);
    expect(existsSync(place('a'))).toBe(true);
  });

  test.each(['lockfileDir', 'rootProjectManifestDir', 'workspaceDir', 'dir'])(
    'is found below %s',
    async (key) => {
      unpacked('a');
      await inspectConfigDependencies({ [key]: root }, hook);
      expect(fakes.treeOf).toHaveBeenCalledTimes(1);
    },
  );

  test('is nothing where there is none', async () => {
    await inspect();
    await inspectConfigDependencies({}, hook);
    expect(fakes.theGuard).not.toHaveBeenCalled();
  });

  test.each([
    ['as one text', { a: `1.0.0+${SHA512}` }, { integrity: SHA512 }],
    [
      'beside a tarball',
      { a: { tarball: 'https://x/', integrity: `1.0.0+${SHA512}` } },
      { url: 'https://x/', integrity: SHA512 },
    ],
  ])('has the integrity that is pinned %s', async (_title, configDependencies, source) => {
    unpacked('a');
    await inspect({ configDependencies });
    expect(sources()).toMatchObject([source]);
  });

  test.each([
    ['is none of sha512', `1.0.0+sha1-x+${SHA512}`],
    ['has more behind it', `1.0.0+${SHA512} sha1-x`],
    ['has no version', SHA512],
  ])('has no integrity where what is pinned %s', async (_title, a) => {
    unpacked('a');
    await inspect({ configDependencies: { a } });
    expect(sources()).toMatchObject([{ id: 'a@1.0.0' }]);
    expect(sources()[0]).not.toHaveProperty('integrity');
  });

  test('has none of a lockfile that has none for it', async () => {
    unpacked('a');
    const lockfile = join(root, 'pnpm-lock.yaml');
    for (const text of [
      `  a@1.0.0:\n    resolution: {tarball: x}\n`,
      `  b@1.0.0:\n    resolution: {integrity: ${SHA512}}\n`,
    ]) {
      writeFileSync(lockfile, text);
      await inspect();
    }
    expect(sources()).toHaveLength(2);
    for (const source of sources()) expect(source).not.toHaveProperty('integrity');
  });

  test('has that of the lockfile, where its name needs no quotes', async () => {
    unpacked('a');
    const lines = ['packages:', '  a@1.0.0:', '    resolution:', `      integrity: ${SHA512}`, ''];
    writeFileSync(join(root, 'pnpm-lock.yaml'), lines.join('\n'));
    await inspect();
    expect(sources()).toMatchObject([{ integrity: SHA512 }]);
  });

  test('has that of the lockfile, of this very version', async () => {
    unpacked('a');
    const entry = (id: string, sri: string): string =>
      `  ${id}:\n    resolution: {integrity: ${sri}}\n`;
    const other = SHA512.replaceAll('A', 'B');
    writeFileSync(
      join(root, 'pnpm-lock.yaml'),
      `packages:\n${entry('a@1.0.1', other)}${entry("'a@1.0.0'", SHA512)}`,
    );
    await inspect();
    expect(sources()).toMatchObject([{ integrity: SHA512 }]);
    await inspect({ configDependencies: { a: '1.0.0' } });
    expect(sources()[1]).toMatchObject({ integrity: SHA512 });
  });
});

describe('what pnpm 11 and 12 link beside it', () => {
  test('is inspected as well, and what is beside that, under their own names', async () => {
    link('plugin', unpacked('plugin', join(linked('', 'plugin'), 'plugin')));
    unpacked('.bin', join(linked('', 'plugin'), '.bin'));
    const other = unpacked('@scope/other', join(linked('scope', 'other'), '@scope/other'));
    symlinkSync(other, join(linked('', 'plugin'), 'alias'));
    unpacked('third', join(linked('scope', 'other'), 'third'));
    symlinkSync(place('plugin'), join(linked('scope', 'other'), 'plugin'));
    symlinkSync(unpacked('fourth', join(root, 'elsewhere')), join(linked('', 'plugin'), 'fourth'));
    const digest = folderDigest(other);
    fakes.treeOf.mockImplementation(async () => digest);
    await inspect();
    expect(sources()).toMatchObject([
      { id: 'plugin@1.0.0' },
      { id: '@scope/other@1.0.0' },
      { id: 'fourth@1.0.0' },
      { id: 'third@1.0.0' },
    ]);
  });

  test('is removed alone where it does not hold', async () => {
    link('plugin', unpacked('plugin', join(linked('', 'plugin'), 'plugin')));
    const beside = unpacked('other', join(linked('', 'plugin'), 'other'));
    fakes.treeOf.mockImplementation(async ({ id }: { id: string }) =>
      id === 'other@1.0.0' ? 'another tree' : folderDigest(place('plugin')),
    );
    await refusedBecause(/other@1\.0\.0 is not what its tarball holds/);
    expect([existsSync(beside), existsSync(place('plugin'))]).toEqual([false, true]);
  });

  test('is not looked for beside what has another layout', async () => {
    link('a', unpacked('a', join(root, 'elsewhere/node_modules/a')));
    unpacked('b', join(root, 'elsewhere/node_modules/b'));
    await inspect();
    expect(sources()).toMatchObject([{ id: 'a@1.0.0' }]);
  });
});

test('this hook itself is not inspected', async () => {
  link('hook', fileURLToPath(new URL('../../../packages/pnpm-hook', import.meta.url)));
  unpacked('a');
  await inspect();
  expect(sources()).toMatchObject([{ id: 'a@1.0.0' }]);
  expect(existsSync(place('hook'))).toBe(true);
});
