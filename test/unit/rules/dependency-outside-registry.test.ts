import { describe, expect, it } from 'vitest';
import { expectSilent, inspected } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { pkgInfo, sdist } from '../../support/sdist.ts';
import { wheel, wheelFileName } from '../../support/wheel.ts';

const RULE = 'dependency-outside-registry';
const npm = (manifest: Record<string, unknown>) => inspected(tgz({ manifest }));
const METADATA = 'Metadata-Version: 2.1\nName: fixture\nVersion: 1.0.0\n';
const wheelWith = (requirement: string) => {
  const metadata = `${METADATA}Requires-Dist: ${requirement}\n\n`;
  const bytes = wheel({ info: { METADATA: metadata } });
  return inspected(bytes, { format: 'wheel', expected: { fileName: wheelFileName() } });
};
const sdistWith = (requirement: string) =>
  inspected(sdist({ pkgInfo: pkgInfo('fixture', '1.0.0', `Requires-Dist: ${requirement}\n`) }), {
    format: 'sdist',
  });

describe('dependency-outside-registry', () => {
  it.each([
    'git+https://example.test/a.git#main',
    'git+ssh://git@example.test/a.git',
    'git@example.test:a/b.git',
    'github:user/tool',
    'user/tool',
    'user/tool#semver:^1',
    'gist:0123',
    'https://example.test/a.tgz',
    'file:../a',
    '../a',
    '..',
    '~/a',
    'C:\\a',
    'a.tgz',
    'link:./a',
    'workspace:*',
  ])('notes %s in package.json', (spec) => {
    const verdict = npm({ dependencies: { tool: spec } });
    expect(verdict.of(RULE)).toMatchObject([{ level: 'note', entry: 'package/package.json' }]);
    expect(verdict.status).toBe('accept');
  });

  it.each(['optionalDependencies', 'peerDependencies'])('notes one in %s', (kind) => {
    expect(npm({ [kind]: { tool: 'user/tool' } }).of(RULE)).toMatchObject([
      { message: expect.stringContaining(`"tool" in ${kind} is "user/tool"`) },
    ]);
  });

  it('notes an address in a wheel and in an sdist', () => {
    const requirement = 'tool[fast] @ git+https://example.test/tool';
    expect(wheelWith(requirement).of(RULE)).toMatchObject([{ level: 'note' }]);
    expect(sdistWith(requirement).of(RULE)).toMatchObject([{ level: 'note' }]);
  });

  it.each([
    '^1.2.3',
    '1.x || >=2.5.0 || 5.0.0 - 7.2.3',
    '~1.2',
    '*',
    '',
    'latest',
    'v1.0.0-rc.1+build',
    'npm:other@^1',
    'npm:@scope/other',
    'jsr:@scope/other@1',
  ])('is silent about "%s"', (spec) => {
    expectSilent(npm({ dependencies: { tool: spec } }), RULE);
  });

  it.each([
    ['one for development', { devDependencies: { tool: 'user/tool' } }],
    ['a bundled one', { dependencies: { tool: 'file:tool' }, bundleDependencies: ['tool'] }],
    ['one of all that are bundled', { dependencies: { a: 'x/a' }, bundledDependencies: true }],
    ['what is no text', { dependencies: { tool: { git: 'x/a' } } }],
  ])('is silent about %s', (_, manifest) => {
    expectSilent(npm(manifest), RULE);
  });

  it('is silent about versions of an index', () => {
    expectSilent(wheelWith('tool[fast] (>=1) ; extra == "a@b"'), RULE);
    expectSilent(sdistWith('tool~=1.0'), RULE);
  });
});
