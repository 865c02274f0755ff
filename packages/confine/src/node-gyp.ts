import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { programsOnPath } from '@tarwarden/guarded-run';

/** Where npm keeps what it puts on the PATH of scripts, and what that starts. */
const NPM = 'lib/node_modules/npm/node_modules';
const COMMAND = '@npmcli/run-script/lib/node-gyp-bin';
const PROGRAM = 'node-gyp/bin/node-gyp.js';

/**
 * bun downloads node-gyp when a script calls it, unless it is on the PATH. The npm that comes with Node has one.
 * @param path What scripts have for their PATH.
 */
export function nodeGyp(env: NodeJS.ProcessEnv, path: string): NodeJS.ProcessEnv {
  const [node] = programsOnPath('node', env);
  if (node === undefined) return {};
  const npm = join(dirname(dirname(realpathSync(node))), NPM);
  if (![COMMAND, PROGRAM].every((path) => existsSync(join(npm, path)))) return {};
  return {
    PATH: [path, join(npm, COMMAND)].join(delimiter),
    npm_config_node_gyp: join(npm, PROGRAM),
  };
}
