import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { goSettings } from '@tarwarden/clients/settings';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

let home: string;
freshFolder((made) => (home = made));

const go = (text: string): string => {
  chmodSync(putFile(join(home, 'bin/go'), `#!/bin/sh\n${text}\n`), 0o755);
  return ['relative', join(home, 'bin')].join(delimiter);
};

it('are variables and defaults where there is no go', () => {
  const env = { HOME: home, PATH: join(home, 'bin') };
  expect(goSettings(env)).toEqual({
    GOPROXY: 'https://proxy.golang.org,direct',
    GONOPROXY: '',
    GOMODCACHE: join(home, 'go/pkg/mod'),
    GOAUTH: 'netrc',
  });
  expect(
    goSettings({ ...env, GOPROXY: 'off', GOPRIVATE: 'a.test', GOPATH: '/one:/two' }),
  ).toMatchObject({ GOPROXY: 'off', GONOPROXY: 'a.test', GOMODCACHE: '/one/pkg/mod' });
});

it('are in the file that "go env -w" wrote, where there is no go', () => {
  const text = 'GOPROXY=https://own.test\nGOPRIVATE=a.test\n';
  const GOENV = putFile(join(home, 'env'), text);
  const env = { HOME: home, GOENV, GOPRIVATE: 'b.test' };
  expect(goSettings(env)).toMatchObject({ GOPROXY: 'https://own.test', GONOPROXY: 'b.test' });
  expect(goSettings({ ...env, GOENV: 'off' }).GOPROXY).toContain('proxy.golang.org');
  expect(() => goSettings({ ...env, GOENV: home })).toThrow('not a regular file');
});

it('are what the go on the PATH prints outside of any project', () => {
  const PATH = go('echo "{\\"GOPROXY\\":\\"$PWD $GOTOOLCHAIN $*\\"}"');
  expect(goSettings({ HOME: home, PATH }).GOPROXY).toBe(
    '/ local env -json GOPROXY GONOPROXY GOMODCACHE GOAUTH',
  );
});

it.each(['echo broken >&2; exit 2', 'echo no JSON'])('are not known after: %s', (text) => {
  expect(() => goSettings({ HOME: home, PATH: go(text) })).toThrow('"go env" failed');
});
