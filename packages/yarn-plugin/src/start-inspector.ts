import { Worker } from 'node:worker_threads';

/** The whole plugin, which the build puts into one function: a plugin of Yarn is one file. In a thread it runs `inspector-program.ts`. */
declare const TARWARDEN_PROGRAM: (require: NodeJS.Require, isThread: boolean) => unknown;

/** Starts the thread without the preloads of the process, which the project may have set. */
export function startInspector(): Worker {
  return new Worker(`(${String(TARWARDEN_PROGRAM)})(require, true)`, {
    eval: true,
    execArgv: [],
    env: {},
  });
}
