/* Loads a pnpmfile as pnpm does, in a separate process, and reads its exports. */
import { execFileSync } from 'node:child_process';

/** Time to load a pnpmfile. Milliseconds. */
const LOAD_MS = 20_000;
const OUTPUT_BYTES_MAX = 1024 * 1024;

/** Loads a pnpmfile. Then prints which of the files loaded with it are our hook, and whether the pnpmfile exports all hooks of it. */
const PROGRAM = `
const file = process.argv[1], mark = process.argv[2];
const { createRequire } = require('node:module');
const { pathToFileURL } = require('node:url');
const load = createRequire(file);
const write = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;
const names = ['updateConfig', 'preResolution'];
const skipped = process.argv[3].split(',');
const composed = Symbol.for('tarwarden.composed');
(async () => {
  const loaded = file.endsWith('.mjs') ? await import(pathToFileURL(file).href) : load(file);
  const own = loaded && loaded.hooks ? loaded : loaded && loaded.default;
  const hooks = (own && own.hooks) || {};
  const complete = names.every((name) => typeof hooks[name] === 'function');
  const fetchers = Boolean(hooks.fetchers) && Array.isArray(own.fetchers);
  const files = Object.keys(require.cache).concat(Object.keys(load.cache || {}));
  const ours = [...new Set(files)].filter((path) => {
    const exported = require.cache[path] && require.cache[path].exports;
    const theirs = exported && exported.hooks;
    if (path === file || !theirs || !names.every((name) => typeof theirs[name] === 'function')) return false;
    const all = ['resolvers', 'fetchers'].every((list) => !Array.isArray(exported[list]) || exported[list].every((each) => (own[list] || []).includes(each)));
    const kept = (name) => theirs[name] === hooks[name] || (hooks[name] && composed in hooks[name]);
    return all && Object.keys(theirs).every((name) => typeof theirs[name] !== 'function' || skipped.includes(name) || kept(name));
  });
  write(mark + JSON.stringify({ complete, fetchers, ours }));
  process.exit(0);
})().catch((error) => { write(mark + JSON.stringify({ error: String(error && error.message || error).split('\\n')[0] })); process.exit(0); });
`;

/** Hooks that a major version of pnpm does not call, so a pnpmfile may replace them. */
const UNUSED: Readonly<Record<string, string>> = { 10: 'readPackage', 11: 'readPackage' };

export interface LoadedPnpmfile {
  /** Why it cannot be loaded. */
  readonly error?: string;
  /** Whether it exports the same kinds of hooks as the guard. */
  readonly complete?: boolean;
  readonly fetchers?: boolean;
  /** Files that were loaded with the pnpmfile and whose hooks it exports. */
  readonly ours?: readonly string[];
}

/** Loads `file`, an absolute path. This runs code of the project, as every pnpm command there does. */
export function loadPnpmfile(
  file: string,
  { directory: cwd, major }: { readonly directory: string; readonly major: string | undefined },
): LoadedPnpmfile {
  const mark = `tarwarden-check-${process.pid}:`;
  try {
    const output = execFileSync(
      process.execPath,
      ['-e', PROGRAM, file, mark, UNUSED[major ?? ''] ?? ''],
      {
        cwd,
        encoding: 'utf8',
        timeout: LOAD_MS,
        killSignal: 'SIGKILL',
        maxBuffer: OUTPUT_BYTES_MAX,
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    const at = output.lastIndexOf(mark);
    if (at === -1) return { error: 'it ended the process that loaded it' };
    return JSON.parse(output.slice(at + mark.length)) as LoadedPnpmfile;
  } catch (error) {
    const { code, signal } = error as { code?: string; signal?: string };
    return {
      error:
        signal === 'SIGKILL' || code === 'ETIMEDOUT'
          ? 'loading it takes too long'
          : 'loading it fails',
    };
  }
}
