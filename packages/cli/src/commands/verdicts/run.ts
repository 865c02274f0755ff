import type { Call } from '../../command-line/definition.ts';
import type { VERDICTS_OPTIONS } from './definition.ts';

/** `tarwarden verdicts push|export|pull|import|serve`. */
export async function verdictsCommand(call: Call<typeof VERDICTS_OPTIONS>): Promise<number> {
  const [action, ...paths] = call.operands;
  switch (action) {
    case 'serve':
      return (await import('../../verdicts/serve.ts')).serve(call.values);
    case 'pull':
      return (await import('./bring-in.ts')).pull(paths, call.values);
    case 'import':
      return (await import('./bring-in.ts')).importSets(paths);
    default:
      return (await import('./sign.ts')).sign(action as 'push' | 'export', paths, call);
  }
}
