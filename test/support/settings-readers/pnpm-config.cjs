/*
 * What pnpm 10 and 11 make of settings files: run as `node pnpm-config.cjs BUNDLE < cases.json`. It loads pnpm's bundle without
 * running the command, and calls its function for settings for each case. A start of pnpm for each case would take half a second.
 */
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { pathToFileURL } = require('node:url');

const [bundle] = process.argv.slice(2);

function loadOldBundle() {
  const text = readFileSync(bundle, 'utf8');
  const of = (file) =>
    /var (require_\w+) = __commonJS/.exec(text.slice(text.indexOf(`// ../${file}\n`)))[1];
  const start = text.indexOf('\n// lib/pnpm.js\n');
  const module = new Module(bundle);
  module.filename = bundle;
  module.paths = Module._nodeModulePaths(bundle);
  module._compile(
    `${text.slice(0, start)}\nmodule.exports = { ...${of('config/config/lib/index.js')}(), ...${of('workspace/find-workspace-dir/lib/index.js')}() };`,
    bundle,
  );
  return module.exports;
}

async function loadBundle() {
  if (bundle.endsWith('.cjs')) return loadOldBundle();
  const url = pathToFileURL(bundle).href;
  Module.registerHooks({
    load(asked, context, next) {
      if (asked !== url) return next(asked, context);
      const text = readFileSync(bundle, 'utf8');
      const inits = ['config/reader/lib/index.js', 'workspace/root-finder/lib/index.js'].map(
        (file) => {
          const end = text.slice(0, text.indexOf(`"../${file}"() {`));
          return /(init_lib\d*) = __esm\(\{\s*$/.exec(end)[1];
        },
      );
      return {
        format: 'module',
        shortCircuit: true,
        source: `${text.replace('\nvoid runPnpm();', '\n')}\n${inits.map((init) => `${init}();`).join('\n')}\nexport { getConfig as settingsForTests, findWorkspaceDir as folderForTests };`,
      };
    },
  });
  const { settingsForTests, folderForTests } = await import(url);
  return { getConfig: settingsForTests, findWorkspaceDir: folderForTests };
}

async function answer({ getConfig, findWorkspaceDir }, { folder, env, names }) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(folder);
  try {
    const found = await getConfig({
      cliOptions: {},
      packageManager: { name: 'pnpm', version: '0.0.0' },
      workspaceDir: await findWorkspaceDir(folder),
    });
    const config = found.config ?? found;
    const registries = config.registriesByScope ?? config.registries;
    const all = {
      ...config,
      ...Object.fromEntries(
        Object.entries(registries).map(([scope, url]) => [`registry of ${scope}`, url]),
      ),
    };
    return Object.fromEntries(
      names
        .map((name) => [name, all[name]])
        .filter(([, value]) => value !== undefined && value !== null),
    );
  } catch (error) {
    return { refused: String(error && error.message) };
  }
}

async function main() {
  const cases = JSON.parse(readFileSync(0, 'utf8'));
  const pnpm = await loadBundle();
  const answers = [];
  for (const one of cases) answers.push(await answer(pnpm, one));
  process.stdout.write(`\nANSWERS:${JSON.stringify(answers)}\n`);
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
