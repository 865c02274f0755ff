/*
 * npm's own reader of its settings, for several cases in one process: `node npm-config.cjs NPM`, with a list of cases as JSON on
 * standard input. Prints a list of what each setting is to a command of npm, or an error's message.
 */
const { readFileSync, statSync } = require('node:fs');
const { join, resolve } = require('node:path');

const npm = process.argv[2];
const config = join(npm, 'node_modules/@npmcli/config');
const Config = require(config);
const { definitions, flatten, nerfDarts, shorthands } = require(join(config, 'lib/definitions'));
const FILES = ['project', 'user', 'global', 'builtin'];

async function answer({ cwd, env, args, npmPath, execPath, settings }) {
  process.chdir(cwd);
  process.env.HOME = env.HOME;
  const read = new Config({
    argv: ['node', 'npm', ...args],
    cwd,
    definitions,
    env: { ...env },
    execPath,
    flatten,
    nerfDarts,
    npmPath,
    platform: 'linux',
    shorthands,
    warn: false,
  });
  try {
    await read.load();
    const source = (where) => {
      const file = read.data.get(where).source;
      return typeof file === 'string' && isFile(resolve(file)) ? [resolve(file)] : [];
    };
    const files = FILES.flatMap(source);
    read.validate();
    const found = settings.filter((name) => read.find(name) !== 'default');
    const all = found.map((name) => [name, read.get(name)]);
    return { values: { ...Object.fromEntries(all), files } };
  } catch (error) {
    return { error: `${error.code ?? error.name}: ${error.message}` };
  }
}

const isFile = (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

async function main() {
  const answers = [];
  for (const one of JSON.parse(readFileSync(0, 'utf8'))) answers.push(await answer(one));
  process.stdout.write(JSON.stringify(answers));
}

void main();
