import type { Call } from '@tarwarden/host/command-line';
import type { VERDICTS_OPTIONS } from './definition.ts';

/** `tarwarden verdicts push|export|pull|import`. */
export async function verdictsCommand(call: Call<typeof VERDICTS_OPTIONS>): Promise<number> {
  const [action, ...paths] = call.operands;
  switch (action) {
    case 'pull':
      return (await import('./bring-in.ts')).pull(paths, call.values);
    case 'import':
      return (await import('./bring-in.ts')).importSets(paths, call.values);
    default:
      return (await import('./sign.ts')).sign(action as 'push' | 'export', paths, call);
  }
}
