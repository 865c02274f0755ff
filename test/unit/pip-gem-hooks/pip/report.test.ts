import { describe, expect, test } from 'vitest';
import { unguardable } from '../../../../packages/pip-gem-hooks/src/pip/wrapper.ts';
import { builtNote, sourceNote } from '../../../../packages/pip-gem-hooks/src/pip/wrapper.ts';

const sdist = (fileName: string, origin = 'index') => ({ format: 'sdist', fileName, origin });

describe('the note about what was built', () => {
  test('names the source archives of an index, once, and the setting that forbids them', () => {
    expect(builtNote([sdist('a-1.tar.gz'), sdist('a-1.tar.gz'), sdist('b\n-2.zip')])).toEqual([
      '2 source archives were built, which runs code of the package (a-1.tar.gz, b\\n-2.zip); to allow wheels only: --only-binary :all:, or PIP_ONLY_BINARY=:all:',
    ]);
  });

  test('names five of many', () => {
    const many = Array.from({ length: 7 }, (_, index) => sdist(`p${index}.zip`));
    expect(builtNote(many)[0]).toContain('7 source archives were built');
    expect(builtNote(many)[0]).toContain('(p0.zip, p1.zip, p2.zip, p3.zip, p4.zip and 2 more)');
  });

  test('is silent about wheels, and about what somebody named', () => {
    const wheel = { format: 'wheel', fileName: 'a.whl', origin: 'index' };
    expect(builtNote([wheel, sdist('a.tar.gz', 'direct')])).toEqual([]);
  });
});

describe('the note about folders and repositories', () => {
  test('names each once, without passwords', () => {
    const folder = { kind: 'folder', label: 'a', source: 'file:///a' };
    const hidden = { kind: 'repository', label: 'b', source: 'git+https://jo:hush@host/b' };
    expect(sourceNote([folder, folder, hidden])).toEqual([
      '2 folders or repositories were taken without inspection, and code of it may have run (file:///a, git+https://***@host/b); --only-binary does not forbid what you name',
    ]);
    expect(sourceNote([folder])[0]).toContain('1 folder or repository was taken');
  });

  test('is silent where there are none', () => {
    expect(sourceNote([])).toEqual([]);
  });
});

describe('a pip', () => {
  test.each(['pip 22.0.4', 'pip 25.1.1', 'pip 26.3.dev0', 'pip 100'])('%s is guarded', (client) => {
    expect(unguardable(client)).toBeUndefined();
  });

  test.each(['pip 21.3.1', 'pip 9.0.1', 'pip', 'gem 22.0'])('%s is not', (client) => {
    expect(unguardable(client)).toContain('use pip 22 or newer');
  });
});
