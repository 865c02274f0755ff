import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pipConfig } from '../../../../packages/audit/src/ecosystems/pypi/indexes.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let home: string;
freshFolder((made) => {
  home = made;
  mkdirSync(join(home, '.config/pip'), { recursive: true });
});

describe('pipConfig', () => {
  it('has PyPI by default', () => {
    expect(pipConfig({ HOME: home })).toMatchObject({
      index: 'https://pypi.org/simple/',
      extra: [],
      noIndex: false,
    });
  });

  it('takes variables before files, and the named file before the others', () => {
    writeFileSync(
      join(home, '.config/pip/pip.conf'),
      '[global]\nindex-url=https://a.test\nno-index=yes\n',
    );
    expect(pipConfig({ HOME: home })).toMatchObject({ index: 'https://a.test', noIndex: true });
    const named = join(home, 'named');
    writeFileSync(named, '[global]\nindex-url=https://b.test\nproxy=http://p.test\n');
    const env = { HOME: home, PIP_CONFIG_FILE: named };
    expect(pipConfig(env)).toMatchObject({
      index: 'https://b.test',
      proxy: 'http://p.test',
      noIndex: false,
    });
    const more = {
      ...env,
      PIP_INDEX_URL: 'https://c.test',
      PIP_EXTRA_INDEX_URL: 'https://d.test https://e.test',
    };
    expect(pipConfig(more)).toMatchObject({
      index: 'https://c.test',
      extra: ['https://d.test', 'https://e.test'],
    });
    expect(pipConfig({ HOME: home, PIP_CONFIG_FILE: '/dev/null' }).noIndex).toBe(false);
  });

  it('fails for a file with which pip ends', () => {
    writeFileSync(join(home, '.config/pip/pip.conf'), 'index-url=https://a.test\n');
    expect(() => pipConfig({ HOME: home })).toThrow('pip.conf');
  });
});
