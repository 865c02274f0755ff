import type { CommandLineProgram } from '@tarwarden/host/command-line';
import manifest from '../../package.json' with { type: 'json' };
import { movedTo } from './moved.ts';

const COMMANDS: CommandLineProgram['commands'] = {
  scan: async () => (await import('../commands/scan.ts')).scan,
  audit: async () => (await import('../commands/audit.ts')).audit,
  explain: async () => (await import('../commands/explain.ts')).explain,
  unpack: async () => (await import('../commands/unpack.ts')).unpack,
  npm: async () => (await import('../commands/npm.ts')).npm,
  npx: async () => (await import('../commands/npm.ts')).npx,
  pnpm: async () => (await import('../commands/pnpm.ts')).pnpm,
  pnpx: async () => (await import('../commands/pnpm.ts')).pnpx,
  yarn: async () => (await import('../commands/yarn.ts')).yarn,
  bun: async () => (await import('../commands/bun.ts')).bun,
  bunx: async () => (await import('../commands/bun.ts')).bunx,
  go: async () => (await import('../commands/go.ts')).go,
  pip: async () => (await import('../commands/pip.ts')).pip,
  pip3: async () => (await import('../commands/pip.ts')).pip3,
  python: async () => (await import('../commands/pip.ts')).python,
  python3: async () => (await import('../commands/pip.ts')).python3,
  gem: async () => (await import('../commands/gem.ts')).gem,
  bundle: async () => (await import('../commands/bundle.ts')).bundle,
  init: async () => (await import('../commands/init.ts')).init,
  shims: async () => (await import('../commands/shims.ts')).shims,
  verify: async () => (await import('../commands/verify.ts')).verify,
  completion: async () => (await import('../commands/completion.ts')).completion,
  allow: async () => (await import('../commands/allow.ts')).allow,
  doctor: async () => (await import('../commands/doctor.ts')).doctor,
  keys: async () => (await import('../commands/keys.ts')).keys,
  verdicts: async () => (await import('../commands/verdicts.ts')).verdicts,
  rules: async () => (await import('../commands/rules.ts')).rules,
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
  movedTo,
  refuseNodeFile: async (command, args) =>
    (await import('@tarwarden/guarded-run')).refuseNodeFile(command, args),
};
