/** What the guarded npm and the guarded pnpm share. */
export { EXIT } from './exit-codes.ts';
export {
  findRealProgram,
  isShim,
  programsOnPath,
  SHIM_MARK,
  type Command,
  type Program,
} from './real-program.ts';
export { runGuarded, type GuardedRun } from './run.ts';
export {
  NPM_STATUS,
  PNPM_STATUS,
  report,
  takeNonce,
  type StatusChannel,
  type StatusEvent,
} from './status.ts';
