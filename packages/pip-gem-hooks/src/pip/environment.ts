import { delimiter } from 'node:path';

/** The variable that makes Python load the guard in `folder`, which comes first. An empty part would be the current folder. */
export function pipGuardEnvironment(
  env: NodeJS.ProcessEnv,
  folder: string,
): { readonly PYTHONPATH: string } {
  const own = env['PYTHONPATH'] ?? '';
  return { PYTHONPATH: own === '' ? folder : `${folder}${delimiter}${own}` };
}
