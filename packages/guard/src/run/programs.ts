import { accessSync, constants, statSync } from 'node:fs';

/** Whether a path is a file that may be run. */
export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The value of PATH, or an empty text. Windows ignores case in names of variables, and often spells it `Path`. */
export function pathVariable(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform !== 'win32') return env['PATH'] ?? '';
  return Object.entries(env).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '';
}
