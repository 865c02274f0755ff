// `pnpm lint`: all types, oxlint with types, and unused code. The types of some files are those of clients, so it needs everything.

import { runOrExit } from './workspace.mjs';

runOrExit('tsc', []);
runOrExit('oxlint', ['--type-aware', '--deny-warnings']);
runOrExit('knip', []);
