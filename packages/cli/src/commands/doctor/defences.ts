/* Other defences against hostile packages: settings of the managers, and the guard. */
import {
  findDefences,
  findGuards,
  type Defence,
  type Examination,
  type Guard,
  type Machine,
} from '@tarwarden/doctor';

export interface Looking {
  readonly folders: readonly string[];
  readonly machine: Machine;
  /** Whether the managers are tried. */
  readonly verify: boolean;
}

export async function defencesOf(
  { components }: Examination,
  { folders, machine, verify: isTrial }: Looking,
): Promise<{ defences: Defence[]; guards: Guard[] }> {
  const { env } = process;
  const { platform } = machine;
  const node = machine.find({ name: 'node', windowsScripts: [] })[0]?.real ?? process.execPath;
  const search = { components, folders, env, platform };
  return {
    defences: findDefences({ ...search, node }),
    guards: isTrial
      ? await (await import('./try-guards.ts')).tryGuards(folders, env)
      : findGuards(search),
  };
}
