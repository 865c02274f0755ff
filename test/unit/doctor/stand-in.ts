/** A machine of a test's own: programs by name, and what each prints. */
import type { LocalMachine } from '../../../packages/doctor/src/find/machine.ts';

export interface StandIn {
  readonly programs?: Readonly<Record<string, string>>;
  /** By file and arguments, separated by blanks. */
  readonly printed?: (call: string) => string | undefined;
}

export function machine({ programs = {}, printed }: StandIn): LocalMachine {
  return {
    platform: 'linux',
    findProgram({ name }) {
      const file = programs[name];
      return file === undefined ? undefined : { file, args: [], real: file };
    },
    async run(file, args) {
      return Promise.resolve(printed?.([file, ...args].join(' ')));
    },
  };
}
