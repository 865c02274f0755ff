import { Worker } from 'node:worker_threads';

/** The program of `inspector-program.ts`, which the build puts into a function: a plugin of Yarn is one file. */
declare const TARWARDEN_INSPECTOR: (require: NodeJS.Require) => void;

/** Starts the thread without the preloads of the process, which the project may have set. */
export function startInspector(): Worker {
  return new Worker(`(${String(TARWARDEN_INSPECTOR)})(require)`, {
    eval: true,
    execArgv: [],
    env: {},
  });
}
