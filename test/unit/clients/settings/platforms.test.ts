/* Where pip and go look on macOS and Windows, which no test here runs on. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clientContext, netrcLines, pipLayers, pipOption } from '@tarwarden/clients/settings';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

let home: string;
freshFolder((made) => (home = made));

const put = (path: string, text: string): string => putFile(join(home, path), text);

function at(
  platform: NodeJS.Platform,
  env: Record<string, string> = {},
): ReturnType<typeof clientContext> {
  const own = Object.entries(env).map(([name, value]) => [name, value.replace('@', home)]);
  return clientContext({ folder: home, platform, env: { HOME: home, ...Object.fromEntries(own) } });
}

describe('pip', () => {
  it.each([
    ['darwin', 'Library/Application Support/pip/pip.conf', '.config/pip/pip.conf', {}],
    ['darwin', '.config/pip/pip.conf', '.pip/pip.conf', {}],
    ['win32', 'roaming/pip/pip.ini', 'pip/pip.ini', { APPDATA: '@/roaming' }],
    ['win32', 'pip/pip.ini', 'shared/pip/pip.ini', { ProgramData: '@/shared' }],
  ] as const)('on %s reads %s before %s', (platform, first, second, env) => {
    put(second, '[global]\nindex-url = second\n');
    const index = (): string => pipOption(pipLayers(at(platform, env)), 'install', 'index-url');
    expect(index()).toBe('second');
    put(first, '[global]\nindex-url = first\n');
    expect(index()).toBe('first');
  });

  it('on macOS reads no ~/.config if it has a folder of its own', () => {
    put('Library/Application Support/pip/other', '');
    put('.config/pip/pip.conf', '[global]\nindex-url = x\n');
    expect(pipOption(pipLayers(at('darwin')), 'install', 'index-url')).toBe('');
  });

  it('on Windows reads no file with PIP_CONFIG_FILE=nul', () => {
    put('pip/pip.ini', '[global]\nindex-url = x\n');
    expect(pipLayers(at('win32', { PIP_CONFIG_FILE: 'nul' })).slice(1)).toEqual([]);
  });
});

describe('go', () => {
  it('reads _netrc on Windows', () => {
    put('.netrc', 'machine a.test login x password y\n');
    put('_netrc', 'machine a.test login me password y\n');
    expect(netrcLines({ env: { HOME: home }, platform: 'win32' })[0]?.login).toBe('me');
  });
});
