import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goLayers, goSetting, clientContext, type Variables } from '@tarwarden/settings';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFile } from '../../support/put-file.ts';

let home: string;
freshFolder((made) => (home = made));

const put = (path: string, text: string): string => putFile(join(home, path), text);

function goEnvironment(env: Variables): Record<string, string> {
  const where = clientContext({ folder: home, env, platform: 'linux' });
  const layers = goLayers(where);
  const names = ['GOPROXY', 'GONOPROXY', 'GOMODCACHE', 'GOAUTH'];
  return Object.fromEntries(names.map((name) => [name, goSetting(layers, where, name)]));
}

describe('settings of go', () => {
  it('has what go has by default', () => {
    expect(goEnvironment({ HOME: home })).toEqual({
      GOPROXY: 'https://proxy.golang.org,direct',
      GONOPROXY: '',
      GOMODCACHE: join(home, 'go/pkg/mod'),
      GOAUTH: 'netrc',
    });
  });

  it('takes variables before the file of the user, and that before the installation', () => {
    const go = put('root/bin/go', '');
    chmodSync(go, 0o755);
    mkdirSync(join(home, 'bin'));
    symlinkSync(go, join(home, 'bin/go'));
    put('root/go.env', 'GOPROXY=https://one.test\nGOAUTH=off\nGOPRIVATE=a.test\n');
    const env = { HOME: home, PATH: join(home, 'bin'), XDG_CONFIG_HOME: join(home, 'config') };
    expect(goEnvironment(env)).toMatchObject({ GOPROXY: 'https://one.test', GONOPROXY: 'a.test' });
    put('config/go/env', '# text\nGOPROXY=https://two.test\nGONOPROXY=b.test\n');
    expect(goEnvironment(env)).toMatchObject({ GOPROXY: 'https://two.test', GONOPROXY: 'b.test' });
    const more = { ...env, GOPROXY: 'off', GOPATH: '/one:/two' };
    expect(goEnvironment(more)).toMatchObject({ GOPROXY: 'off', GOMODCACHE: '/one/pkg/mod' });
    expect(goEnvironment({ ...env, GOENV: 'off' }).GOPROXY).toBe('https://one.test');
    expect(goEnvironment({ ...env, GOENV: put('x', 'GOPROXY=direct') }).GOPROXY).toBe('direct');
  });

  it('fails where the file of the user cannot be read', () => {
    mkdirSync(join(home, 'env'));
    expect(() => goEnvironment({ HOME: home, GOENV: join(home, 'env') })).toThrow(
      'not a regular file',
    );
  });
});
