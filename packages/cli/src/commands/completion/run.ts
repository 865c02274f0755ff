import { type Call, write } from '@tarwarden/guard/command-line';
import { completionScript } from '../../completion/script.ts';
import { SHELLS } from './definition.ts';

export async function printCompletion({ operands }: Call<Record<never, never>>): Promise<number> {
  await write(await completionScript(SHELLS.find((name) => name === operands[0])!));
  return 0;
}
