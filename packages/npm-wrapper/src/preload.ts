/**
 * The guard, preloaded into npm by `NODE_OPTIONS=--require`. Every Node program that inherits the variable loads this file. So it does
 * almost nothing until it sees npm's own code, and then it loads `guard.cjs`.
 *
 * The layers of the guard. Each layer alone stops a refused package:
 * - pacote.ts: inspects each tarball that npm's fetchers read;
 * - unpack.ts: npm's tar unpacks only accepted tarballs;
 * - arborist.ts: an optional dependency cannot swallow a refusal;
 * - exit.ts: after a refusal, npm ends with a failure.
 */
import { createRequire } from 'node:module';
import { EXIT, endNow, NPM_STATUS, report, takeNonce } from '@tarwarden/guard/run';
import { npmOfMain, watch, type NpmCopy } from './npm-copies.ts';
import { refuse } from './refuse.ts';

/** The major versions that the guard was tested with. Another version may unpack in a way that the guard does not see. */
const SUPPORTED: ReadonlySet<string> = new Set(['10', '11', '12']);

const UNSEEN =
  'npm ran in a way that the guard cannot see (a module loader?); what it installed is UNCHECKED.';

/** Loads the module late, so that programs that only inherit the guard do not load it. */
function inWorker(): boolean {
  const { isMainThread } = createRequire(__filename)('node:worker_threads') as {
    isMainThread: boolean;
  };
  return !isMainThread;
}

/** One guard for a process, even if several copies of this file are preloaded. */
const GUARD = Symbol.for('tarwarden.npm-guard');

function checkVersion({ version, folder }: NpmCopy): void {
  if (SUPPORTED.has(version.split('.')[0] ?? '')) return;
  refuse(`npm ${version} (${folder}) is not supported; use npm 10, 11 or 12`);
}

type Guard = typeof import('./guard.ts');

/** Loads the guard synchronously, because npm's own code runs next. */
function loadGuard(): Guard {
  try {
    return createRequire(__filename)('./guard.cjs') as Guard;
  } catch (error) {
    refuse(`the guard cannot be loaded (${(error as Error).message.split('\n', 1)[0]})`);
  }
}

function start(preload: string): void {
  const nonce = takeNonce(process.env, NPM_STATUS);
  let hooks: InstanceType<Guard['NpmHooks']> | undefined;
  let armed = false;
  let alive = false;

  /** This process is npm, not merely a program with npm's code in it. */
  const arm = (npm: NpmCopy): void => {
    if (armed || inWorker()) return;
    checkVersion(npm);
    armed = true;
    loadGuard().guardChildren(preload);
    process.on('exit', () => {
      if (!alive) endNow(EXIT.UNCHECKED, UNSEEN);
    });
  };

  watch({
    main: arm,
    seen() {
      alive = true;
      report(process.env, NPM_STATUS, { event: 'armed', nonce });
    },
    loaded(name, exports, { file, npm }) {
      checkVersion(npm);
      if (hooks === undefined) {
        const { NpmHooks, NpmGuard } = loadGuard();
        hooks = new NpmHooks(new NpmGuard(process.env));
      }
      return hooks.loaded(name, exports, file);
    },
  });
  // If a module loader runs the main file, the CommonJS loader does not see it.
  const npm = npmOfMain(process.argv[1]);
  if (npm !== undefined) arm(npm);
}

const shared = globalThis as Record<symbol, unknown>;
if (shared[GUARD] === undefined) {
  shared[GUARD] = true;
  start(__filename);
}
