/**
 * The guard, preloaded into Yarn 1 by `NODE_OPTIONS=--require`. Every Node program that inherits the variable loads this file. So it
 * does almost nothing until it sees Yarn's own bundle. Then it loads `guard.cjs`, which rewrites the bundle before Node compiles it.
 */
import { createRequire } from 'node:module';
import Module from 'node:module';
import { EXIT, endNow, intercept, refuseToRun, YARN_STATUS } from '@tarwarden/guard/run';
import { copyOfBundle, copyOfMain, type YarnCopy } from './copies.ts';

const UNSEEN =
  'yarn ran in a way that the guard cannot see (a module loader?); what it installed is UNCHECKED.';

/** One guard for a process, even if several copies of this file are preloaded. */
const PRELOADED = Symbol.for('tarwarden.yarn-classic-preload');

interface LoadingModule {
  /** `.` for the main program. */
  readonly id: string;
  _compile(source: string, file: string): unknown;
}

type Extension = (module: LoadingModule, file: string) => unknown;

type Guard = typeof import('./guard.ts');

/** Loads the guard synchronously, because Yarn's own code runs next. */
function loadGuard(): Guard {
  try {
    return createRequire(__filename)('./guard.cjs') as Guard;
  } catch (error) {
    const [why] = (error as Error).message.split('\n', 1);
    refuseToRun('yarn', YARN_STATUS, `the guard cannot be loaded (${why})`);
  }
}

/**
 * Yarn's cache of compiled code, v8-compile-cache, is in the temporary folder, under a name that other users can create first. V8 runs
 * the code in it for any source of the same length, and so it could replace the guard.
 */
function withoutCompiledCode(env: NodeJS.ProcessEnv): void {
  env['DISABLE_V8_COMPILE_CACHE'] = '1';
}

function start(preload: string): void {
  withoutCompiledCode(process.env);
  let compiled = false;
  const { _extensions } = Module as unknown as { _extensions: Record<'.js', Extension> };
  intercept(
    _extensions,
    '.js',
    (load) =>
      function (this: unknown, module, file) {
        const copy = copyOfBundle(file, module.id === '.');
        if (copy === undefined) return Reflect.apply(load, this, [module, file]);
        const source = loadGuard().armCopy(copy, preload);
        compiled = true;
        return module._compile(source, file);
      },
  );
  // If a module loader runs the main file, the CommonJS loader does not see it.
  const main: YarnCopy | undefined = copyOfMain(process.argv[1]);
  if (main !== undefined)
    process.on('exit', (code) => {
      if (!compiled && code === 0) endNow(EXIT.UNCHECKED, UNSEEN);
    });
}

const shared = globalThis as Record<symbol, unknown>;
if (shared[PRELOADED] === undefined) {
  shared[PRELOADED] = true;
  start(__filename);
}
