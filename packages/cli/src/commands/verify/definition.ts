import type { OptionDefinitions, Described } from '@tarwarden/host/command-line';
import { COLOUR_OPTIONS } from '../common-options.ts';

export const VERIFY_OPTIONS = {
  manager: {
    value: 'name',
    choices: [
      'npm',
      'npx',
      'pnpm',
      'yarn',
      'pip',
      'pip3',
      'python',
      'python3',
      'gem',
      'bundle',
      'go',
      'bun',
    ],
    multiple: true,
    description:
      'try only this one; may be given several times (default: npm, npx, pnpm and yarn, as far as they are on the PATH, and the others that have a shim there)',
  },
  json: { description: 'print one JSON document' },
  ...COLOUR_OPTIONS,
} as const satisfies OptionDefinitions;

export const verify: Described<typeof VERIFY_OPTIONS> = {
  name: 'verify',
  summary: 'show that package managers, as typed here, are guarded',
  group: 'Set-up',
  description: [
    "Plain npm, npx, pnpm and yarn, as they would be typed here, each install a harmless package that the guard has to refuse, and a clean one that it has to accept: with your PATH, variables and user configuration, with the settings of this folder's project that decide about the guard, and with its pnpmfile or Yarn plugins, which are run.",
    'pip, "python -m pip", gem, bundle and go do the same with wheels, gems and modules, and bun with packages, where a shim of tarwarden is on the PATH, or where they are named.',
    'All of this happens in a temporary folder, from a registry on the loopback address, without other network access.',
  ],
  examples: [
    'tarwarden verify',
    'tarwarden verify --manager npm --manager npx',
    'tarwarden verify --json',
  ],
  arguments: [],
  options: VERIFY_OPTIONS,
  exitCodes: [
    ['0', 'each is guarded'],
    ['1', 'one ran unguarded'],
    [
      '2',
      'none ran unguarded, but nothing could be shown for one: it failed, is missing, or did not end; or wrong usage',
    ],
  ],
};
