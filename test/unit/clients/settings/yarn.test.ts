import { join } from 'node:path';
import { expect, it } from 'vitest';
import { clientContext, yarnLayers } from '@tarwarden/clients/settings';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';

let root: string;
freshFolder((made) => (root = made));

const put = (path: string, text: string): string => putFile(join(root, path), text);

/** The token that Yarn 4 has, and the file that it is from. */
function token(env: Record<string, string> = {}): readonly [unknown, string] {
  const where = clientContext({
    folder: join(root, 'project/inner'),
    env: { HOME: join(root, 'home'), A: 'alpha', E: '', ...env },
  });
  const layer = yarnLayers(where).find(({ values }) => values.has('npmAuthToken'))!;
  const origin = layer.origin('npmAuthToken');
  const from = origin.kind === 'file' ? origin.file.slice(root.length + 1) : origin.kind;
  return [layer.unknown?.get('npmAuthToken') ?? layer.values.get('npmAuthToken'), from];
}

const UNKNOWN = 'a variable in it is not set';

it.each([
  ['${A}', 'alpha'],
  ['${E}', ''],
  ['${N}', UNKNOWN],
  ['${N-y}', 'y'],
  ['${E-y}', ''],
  ['${E:-y}', 'y'],
  ['${N:-}', ''],
  ['${N-${A}}', 'alpha'],
  ['${A-${N}}', 'alpha'],
  ['${A?}', UNKNOWN],
  ['\\${A}', '${A}'],
  ['${1-y}', UNKNOWN],
])('replaces variables as Yarn 4 does: %s is %s', (written, value) => {
  put('project/.yarnrc.yml', `npmAuthToken: '${written}'\n`);
  expect(token()).toEqual([value, 'project/.yarnrc.yml']);
});

it('takes variables before the nearest file, and the user’s own file last', () => {
  put('home/.yarnrc.yml', 'npmAuthToken: home\n');
  expect(token()).toEqual(['home', 'home/.yarnrc.yml']);
  put('project/.yarnrc.yml', 'npmAuthToken: outer\n');
  put('project/inner/.yarnrc.yml', '"npmAuth\\u0054oken": 0x10 # inner\n');
  expect(token()).toEqual(['0x10', 'project/inner/.yarnrc.yml']);
  put('project/rc.yml', 'npmAuthToken: &x rc\n');
  expect(token({ YARN_RC_FILENAME: 'rc.yml' })).toEqual(['rc', 'project/rc.yml']);
  expect(token({ yarn_Npm_auth_Token: '${A}' })).toEqual(['alpha', 'variable']);
});
