/** A machine of a test's own: programs by name, and what each prints. */
import type { FoundProgram, LocalMachine } from '../../../packages/doctor/src/find/machine.ts';

export interface StandIn {
  readonly programs?: Readonly<Record<string, string>>;
  /** By file and arguments, separated by blanks. */
  readonly printed?: (call: string) => string | undefined;
  readonly platform?: NodeJS.Platform;
  readonly inProject?: string;
}

export function machine({
  programs = {},
  printed,
  platform = 'linux',
  inProject,
}: StandIn): LocalMachine {
  return {
    platform,
    path: '',
    find({ name }): FoundProgram[] {
      const file = programs[name];
      return file === undefined ? [] : [{ file, args: [], real: file }];
    },
    inProject: ({ name }) => (name === 'npm' ? inProject : undefined),
    async run(file, args) {
      return Promise.resolve(printed?.([file, ...args].join(' ')));
    },
  };
}
