import type { CommandLineProgram } from '@tarwarden/host/command-line';

/** The code of the commands that parse their arguments, by name. A command loads only its own. */
export const RUNS: CommandLineProgram['runs'] = {
  scan: async () => (await import('./scan/run.ts')).scan,
  audit: async () => (await import('./audit/run.ts')).auditCommand,
  seal: async () => (await import('./seal/run.ts')).sealCommand,
  explain: async () => (await import('./explain/run.ts')).explainCommand,
  unpack: async () => (await import('./unpack/run.ts')).unpackCommand,
  init: async () => (await import('./init/run.ts')).init,
  setup: async () => (await import('./setup/run.ts')).setupCommand,
  shims: async () => (await import('./shims/run.ts')).writeShims,
  verify: async () => (await import('./verify/run.ts')).verify,
  completion: async () => (await import('./completion/run.ts')).printCompletion,
  allow: async () => (await import('./allow/run.ts')).allow,
  doctor: async () => (await import('./doctor/run.ts')).doctor,
  rules: async () => (await import('./rules/run.ts')).listRules,
};

/** The code of the commands that hand their arguments on to a package manager, by name. */
export const PASSED_ON: CommandLineProgram['passedOn'] = {
  npm: async () => (await import('./clients/run.ts')).npm,
  npx: async () => (await import('./clients/run.ts')).npx,
  pnpm: async () => (await import('./clients/run.ts')).pnpm,
  pnpx: async () => (await import('./clients/run.ts')).pnpx,
  yarn: async () => (await import('./clients/run.ts')).yarn,
  bun: async () => (await import('./clients/run.ts')).bun,
  bunx: async () => (await import('./clients/run.ts')).bunx,
  go: async () => (await import('./clients/run.ts')).go,
  pip: async () => (await import('./clients/run.ts')).pip,
  pip3: async () => (await import('./clients/run.ts')).pip3,
  python: async () => (await import('./clients/run.ts')).python,
  python3: async () => (await import('./clients/run.ts')).python3,
  gem: async () => (await import('./clients/run.ts')).gem,
  bundle: async () => (await import('./clients/run.ts')).bundle,
};
