import { beforeEach, describe, expect, it } from 'vitest';
import { freshEach } from '../../support/fresh-each.ts';
import { moduleZip } from '../../support/go/module-zip.ts';
import { sdistOf, wheelOf } from '../../support/pip/packages.ts';
import { tgz } from '../../support/pkg.ts';
import { makePlace } from './sandbox.ts';

const place = freshEach(() => makePlace());
beforeEach(() => place.put('clean.tgz', tgz({ name: 'clean', version: '1.0.0' })));

describe('--package takes the names of each ecosystem', () => {
  const MODULE = 'example.com/mod@v1.0.0';
  const wheel = wheelOf({ name: 'a' });
  const sdist = sdistOf({ name: 'a' });
  const FILES: Readonly<Record<string, Buffer>> = {
    'mod.zip': moduleZip({ module: MODULE }),
    [wheel.fileName]: wheel.bytes,
    [sdist.fileName]: sdist.bytes,
  };
  beforeEach(() => {
    for (const [name, bytes] of Object.entries(FILES)) place.put(name, bytes);
  });

  it.each<[number, string[]]>([
    [0, ['--package', MODULE, '--format', 'gomod', 'mod.zip']],
    [1, ['--package', 'example.com/mod@v1.0.1', '--format', 'gomod', 'mod.zip']],
    [1, ['--package', 'example.com/other@v1.0.0', '--format', 'gomod', 'mod.zip']],
    [2, ['--package', 'example.com/mod@1.0.0', '--format', 'gomod', 'mod.zip']],
    [2, ['--package', MODULE, '--format', 'npm', 'clean.tgz']],
    [1, ['--package', MODULE, 'clean.tgz']],
    [0, ['--package', 'a@1.0', wheel.fileName]],
    [0, ['--package', 'A==1.0', wheel.fileName]],
    [0, ['--package', 'a==1.0.0', '--format', 'sdist', sdist.fileName]],
    [1, ['--package', 'a==1.1', sdist.fileName]],
    [2, ['--package', 'a>=1.0', sdist.fileName]],
  ])('with the exit code %i for %j', async (code, args) => {
    expect((await place.run(['scan', ...args])).code).toBe(code);
  });

  it('and says how a name of the format is spelled', async () => {
    const { stderr } = await place.run([
      'scan',
      '--package',
      'mod',
      '--format',
      'gomod',
      'mod.zip',
    ]);
    expect(stderr).toContain('--package takes MODULE/PATH@vVERSION, with one exact version');
  });
});

it.each(['npm:left-pad@1.3.0', 'pypi:left-pad@1.3.0', 'gem:left-pad@1.3.0'])(
  'the prefix of %s makes it the package, whatever files the folder has',
  async (operand) => {
    const bytes = tgz({ name: 'clean', version: '1.0.0' });
    for (const name of [operand, 'left-pad@1.3.0']) place.put(name, bytes);
    const fetched = await place.run(['explain', '--offline', operand]);
    expect(fetched.code).toBe(2);
    expect(fetched.stderr).toContain('left-pad@1.3.0: not fetched');
    const both = await place.run(['explain', '--offline', 'left-pad@1.3.0']);
    expect(both.stderr).toContain(
      'For the file, type ./left-pad@1.3.0; for the package, type npm:',
    );
    expect(await place.run(['explain', `./${operand}`])).toMatchObject({ code: 0 });
  },
);
