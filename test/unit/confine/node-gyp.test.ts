import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeGyp } from '../../../packages/confine/src/environment.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFile } from '../../support/put-file.ts';

let root: string;
freshFolder((made) => (root = made));

function file(path: string): void {
  putFile(join(root, path), '');
  chmodSync(join(root, path), 0o755);
}

it('is that of the npm beside Node, behind all that is on the PATH', () => {
  const PATH = [join(root, 'bin'), '/other'].join(delimiter);
  expect(nodeGyp({ PATH }, '/of/scripts')).toEqual({});
  file('bin/node');
  expect(nodeGyp({ PATH }, '/of/scripts')).toEqual({});
  const npm = 'lib/node_modules/npm/node_modules';
  file(`${npm}/@npmcli/run-script/lib/node-gyp-bin/node-gyp`);
  file(`${npm}/node-gyp/bin/node-gyp.js`);
  expect(nodeGyp({ PATH }, '/of/scripts')).toEqual({
    PATH: ['/of/scripts', join(root, npm, '@npmcli/run-script/lib/node-gyp-bin')].join(delimiter),
    npm_config_node_gyp: join(root, npm, 'node-gyp/bin/node-gyp.js'),
  });
});
