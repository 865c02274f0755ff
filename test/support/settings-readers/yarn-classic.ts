/** Yarn 1 is asked by its own bundle, whose modules for settings are called in one process for all cases. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookUp, clientContext, yarnClassicLayers, yarnClassicOptions } from '@tarwarden/settings';
import { execute } from '../execute.ts';
import { managerFolder, type YarnClassicName } from '../managers.ts';
import type { Answer, WrittenCase } from './subject.ts';

const SETTINGS = [
  'cache-folder',
  'global-folder',
  'yarn-offline-mirror',
  'yarn-offline-mirror-pruning',
  'ignore-scripts',
  'enable-meta-folder',
];
const OPTIONS = ['yarn-path', '--ignore-scripts', '--install.cache-folder', '--modules-folder'];

const PROGRAM = `
const fs = require('fs');
const [, , bundle, file] = process.argv;
const text = fs.readFileSync(bundle, 'utf8')
  .replace('function getRcPaths(name, cwd) {', '$& home = process.env.HOME;')
  .replace(/\\nif \\(__webpack_require__\\.c\\[__webpack_require__\\.s\\] === module\\) \\{/, '\\nglobalThis.yarn = __webpack_require__; if (false) {');
const main = new module.constructor(bundle, module);
main.filename = bundle;
main.paths = module.paths;
main._compile(text, bundle);
const module_ = (text) => yarn(Object.keys(yarn.m).find((id) => String(yarn.m[id]).includes(text)));
const rc = module_('exports.getRcConfigForCwd = ');
const yarnRegistry = module_('YarnRegistry.prototype.loadConfig = ');
const registries = { npm: module_('NpmRegistry.prototype.loadConfig = ').default, yarn: yarnRegistry.default };
const homes = module_('var home = exports.home = ');
const projectOf = (start) => {
  for (let folder = start; ; folder = require('path').dirname(folder)) {
    if (fs.existsSync(folder + '/package.json')) return folder;
    if (folder === '/') return start;
  }
};
const reporter = { verbose() {}, lang() {} };
(async () => {
  const { cases, settings, options } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const answers = [];
  const own = { ...process.env };
  for (const { cwd, env } of cases) {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, own, env);
    process.chdir(cwd);
    homes.home = process.env.HOME;
    homes.default = process.getuid() === 0 ? '/usr/local/share' : process.env.HOME;
    try {
      const all = {};
      for (const name of ['npm', 'yarn']) {
        all[name] = new registries[name](projectOf(cwd), all, {}, reporter, true, []);
        await all[name].init({});
      }
      const given = rc.getRcConfigForCwd(cwd, []);
      const defaults = yarnRegistry.DEFAULTS;
      answers.push(Object.fromEntries([
        ...settings.map((name) => [name, all.yarn.getOption(name)]).filter(([name, value]) => value !== defaults[name]),
        ...options.map((name) => ['rc ' + name, given[name]]),
      ].filter(([, value]) => value !== undefined).map(([name, value]) => [name, String(value)])));
    } catch (error) {
      answers.push('refused: ' + error.message);
    }
  }
  fs.writeFileSync(file, JSON.stringify(answers));
})();
`;

type Asked = readonly (Readonly<Record<string, string>> | string)[];

/** Yarn's answer to each case, or why it stops. */
export async function askYarnClassic(
  client: YarnClassicName,
  cases: readonly WrittenCase[],
): Promise<Asked> {
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-ask-'));
  try {
    const [asked, program] = [join(folder, 'asked.json'), join(folder, 'ask.cjs')];
    writeFileSync(program, PROGRAM);
    const of = cases.map((one) => ({ cwd: folderOf(one), env: environmentOf(one) }));
    writeFileSync(asked, JSON.stringify({ cases: of, settings: SETTINGS, options: OPTIONS }));
    const bundle = join(managerFolder(client), 'lib/cli.js');
    const result = await execute(process.execPath, [program, bundle, asked], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder },
    });
    if (result.code !== 0) throw new Error(result.stdout + result.stderr);
    return JSON.parse(readFileSync(asked, 'utf8')) as Asked;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const folderOf = ({ folder }: WrittenCase): string => join(folder, 'project', 'inner');

function environmentOf({ folder, env }: WrittenCase): Record<string, string> {
  const { HOME = 'home', ...rest } = env;
  return { ...rest, HOME: join(folder, HOME), PREFIX: join(folder, 'prefix') };
}

/** Our reader's answer to a case, in the same form. */
export function readYarnClassic(written: WrittenCase): Answer {
  const where = clientContext({ folder: folderOf(written), env: environmentOf(written) });
  const groups = [
    { layers: yarnClassicLayers(where), names: SETTINGS, mark: '' },
    { layers: yarnClassicOptions(where), names: OPTIONS, mark: 'rc ' },
  ];
  if (groups.some(({ layers }) => layers.some(({ unreadable }) => unreadable !== undefined)))
    return 'refused';
  return Object.fromEntries(
    groups.flatMap(({ layers, names, mark }) =>
      names.flatMap((name) => {
        const found = lookUp(layers, name);
        if (found === undefined) return [];
        if (found.unknown !== undefined) return [[mark + name, found.unknown]];
        // The default, which the client's answer leaves out.
        const isDefault = name === 'ignore-scripts' && found.value === false;
        return isDefault ? [] : [[mark + name, String(found.value)]];
      }),
    ),
  );
}
