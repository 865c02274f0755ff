import { describe, expect, it } from 'vitest';
import { expectRejected, inspected } from '../../support/inspected.ts';
import { tgz, type PkgOptions } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'execute-without-owner';

/** A package with a file of mode 654. */
const withFile = (name: string, odd: PkgOptions = {}, mode = 0o654): Buffer =>
  tgz({ ...odd, entries: [entry({ name: `package/${name}`, mode })] });

describe('execute-without-owner', () => {
  it('rejects a command that not its owner but others may run', () => {
    for (const mode of [0o654, 0o645, 0o611, 0o001, 0o010]) {
      const verdict = inspected(withFile('run', { manifest: { bin: './run' } }, mode));
      expect(verdict.of(RULE)).toMatchObject([
        { level: 'error', entry: 'package/run', entryIndex: 2, offset: 2048 },
      ]);
      expect(verdict.of(RULE)[0]?.message).toContain(`mode ${mode.toString(8)}, a command`);
      expect(verdict.status).toBe('reject');
    }
  });

  it.each<[string, string, PkgOptions]>([
    [
      'a command among several',
      'bin/b',
      { manifest: { bin: { a: 'index.js', b: 'bin/../bin/b' } } },
    ],
    ['a command in other case', 'Bin/Tool', { manifest: { bin: 'bin/tool' } }],
    [
      'in the folder of commands',
      'tools/deep/run',
      { manifest: { directories: { bin: './tools/' } } },
    ],
    ['in that by a detour', 'tools/run', { manifest: { directories: { bin: 'x/../tools' } } }],
    ['by the other slash', 'tools/run', { manifest: { directories: { bin: 'x\\..\\tools' } } }],
    ['anywhere, where that is the package', 'a/b', { manifest: { directories: { bin: '.' } } }],
    ['of a bundled package', 'node_modules/dep/run', {}],
    ['where node-gyp runs', 'tools/gen', { files: { 'binding.gyp': '{}' } }],
    ['where node-gyp runs, in other case', 'a', { files: { 'Binding.gyp': '{}' } }],
    ['where package.json cannot be read', 'a', { manifest: Buffer.from('{') }],
    ['beside endless scripts', 'a', { manifest: { scripts: { install: 'b '.repeat(40_000) } } }],
  ])('rejects a file %s', (_what, name, odd) => {
    const verdict = inspected(withFile(name, odd));
    expectRejected(verdict, RULE, [{ level: 'error', entry: `package/${name}` }]);
  });

  it.each([
    'preinstall',
    'install',
    'postinstall',
    'prepare',
    'preprepare',
    'postprepare',
    'prepublish',
    'preprepublish',
    'publish',
    'postpublish',
    'prepack',
    'preprepack',
    'postpack',
    'dependencies',
  ])('rejects a file that the script %s names', (script) => {
    for (const text of [
      './configure',
      'cd tools && "./Configure" --x',
      'sh -c tools/configure;ls',
    ]) {
      const verdict = inspected(
        withFile('tools/configure', { manifest: { scripts: { [script]: text } } }),
      );
      expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    }
  });

  it.each(['npm run go', 'yarn go', 'pnpm go', 'bun go', 'node --run go'])(
    'rejects a file that a script names which the install runs by %s',
    (postinstall) => {
      const scripts = { postinstall, go: './tools/configure' };
      const verdict = inspected(withFile('tools/configure', { manifest: { scripts } }));
      expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    },
  );

  it.each(['./conf*', './configur?', './configur[e]', './{configure,x}', './con\\figure'])(
    'rejects a file that a script of the install may name as %s',
    (install) => {
      const verdict = inspected(withFile('configure', { manifest: { scripts: { install } } }));
      expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    },
  );

  it.each(['./$(echo configure)', './`echo configure`', '$X', './con""figure', "'./con'figure"])(
    'rejects a file that a shell makes of %s',
    (install) => {
      const verdict = inspected(withFile('configure', { manifest: { scripts: { install } } }));
      expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    },
  );

  it('rejects a file of an odd name where scripts run, which may mean it', () => {
    const scripts = { install: './do\\ it' };
    expect(inspected(withFile('do it', { manifest: { scripts } })).of(RULE)).toHaveLength(1);
  });

  it('is silent about a file that nothing runs', () => {
    const manifest = {
      bin: 'index.js',
      directories: { bin: 'tools', lib: 'lib' },
      scripts: {
        install: 'node index.js "x"',
        prepublishOnly: 'npm run *',
        test: './lib/data.txt',
      },
    };
    for (const name of ['lib/data.txt', 'tools.txt', 'docs/index.html'])
      expect(inspected(withFile(name, { manifest })).of(RULE)).toEqual([]);
  });

  it('is silent about a file that its owner may run, or nobody', () => {
    for (const mode of [0o744, 0o700, 0o100, 0o755, 0o777, 0o666, 0o444, 0]) {
      const verdict = inspected(withFile('x', { manifest: { bin: 'x' } }, mode));
      expect(verdict.findings).toEqual([]);
      expect(verdict.status).toBe('accept');
    }
  });

  it('is silent about a folder', () => {
    const verdict = inspected(
      tgz({ entries: [entry({ name: 'package/lib/', typeflag: '5', mode: 0o655 })] }),
    );
    expect(verdict.findings).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
