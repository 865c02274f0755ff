import type { CommandLineProgram } from '@tarwarden/host/command-line';
import manifest from '../../package.json' with { type: 'json' };
import { PASSED_ON, RUNS } from '../commands/runs.ts';
import { movedTo } from './moved.ts';

const COMMANDS: CommandLineProgram['commands'] = {
  scan: async () => (await import('../commands/scan/definition.ts')).scan,
  audit: async () => (await import('../commands/audit/definition.ts')).audit,
  explain: async () => (await import('../commands/explain/definition.ts')).explain,
  unpack: async () => (await import('../commands/unpack/definition.ts')).unpack,
  npm: async () => (await import('../commands/npm/definition.ts')).npm,
  npx: async () => (await import('../commands/npm/definition.ts')).npx,
  pnpm: async () => (await import('../commands/pnpm/definition.ts')).pnpm,
  pnpx: async () => (await import('../commands/pnpm/definition.ts')).pnpx,
  yarn: async () => (await import('../commands/yarn/definition.ts')).yarn,
  bun: async () => (await import('../commands/bun/definition.ts')).bun,
  bunx: async () => (await import('../commands/bun/definition.ts')).bunx,
  go: async () => (await import('../commands/go/definition.ts')).go,
  pip: async () => (await import('../commands/pip/definition.ts')).pip,
  pip3: async () => (await import('../commands/pip/definition.ts')).pip3,
  python: async () => (await import('../commands/pip/definition.ts')).python,
  python3: async () => (await import('../commands/pip/definition.ts')).python3,
  gem: async () => (await import('../commands/gem/definition.ts')).gem,
  bundle: async () => (await import('../commands/gem/definition.ts')).bundle,
  init: async () => (await import('../commands/init/definition.ts')).init,
  shims: async () => (await import('../commands/shims/definition.ts')).shims,
  verify: async () => (await import('../commands/verify/definition.ts')).verify,
  completion: async () => (await import('../commands/completion/definition.ts')).completion,
  allow: async () => (await import('../commands/allow/definition.ts')).allow,
  doctor: async () => (await import('../commands/doctor/definition.ts')).doctor,
  keys: async () => (await import('../commands/keys/definition.ts')).keys,
  verdicts: async () => (await import('../commands/verdicts/definition.ts')).verdicts,
  rules: async () => (await import('../commands/rules/definition.ts')).rules,
};

/** The command that people type as `tarwarden`. */
export const TARWARDEN: CommandLineProgram = {
  name: 'tarwarden',
  version: manifest.version,
  description: 'Inspects package archives before they are unpacked.',
  exitCodes: [
    ['0', 'all accepted'],
    ['1', 'something was rejected'],
    ['2', 'something could not be inspected, or wrong usage'],
  ],
  commands: COMMANDS,
  runs: RUNS,
  passedOn: PASSED_ON,
  movedTo,
  refuseNodeFile: async (command, args) =>
    (await import('@tarwarden/guarded-run')).refuseNodeFile(command, args),
};
